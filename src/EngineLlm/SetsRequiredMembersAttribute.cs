#if !NET
namespace System.Diagnostics.CodeAnalysis;

/// <summary>Marks a constructor that sets every required member. See CompilerAttributes.cs for why it is written out.</summary>
[AttributeUsage(AttributeTargets.Constructor)]
internal sealed class SetsRequiredMembersAttribute : Attribute { }
#endif

#if !NET
// What newer C# refers to and netstandard2.1 does not have. Written out here, since a source generator that brings them writes them in
// another order each time, and then the same sources give other bytes.
using System.ComponentModel;

namespace System.Runtime.CompilerServices;

/// <summary>Marks a property that is set while its object is made.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
internal static class IsExternalInit { }

/// <summary>Marks a member that has to be set while its object is made, and the type that has it.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Field | AttributeTargets.Property, Inherited = false)]
internal sealed class RequiredMemberAttribute : Attribute { }

/// <summary>Marks what only compilers that know a feature may use.</summary>
[AttributeUsage(AttributeTargets.All, AllowMultiple = true, Inherited = false)]
internal sealed class CompilerFeatureRequiredAttribute : Attribute
{
    /// <param name="featureName">The feature.</param>
    public CompilerFeatureRequiredAttribute(string featureName) => FeatureName = featureName;

    /// <summary>The feature.</summary>
    public string FeatureName { get; }
}
#endif

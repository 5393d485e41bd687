using System;

namespace AOT;

/// <summary>
/// Tells Unity's IL2CPP that native code calls this method. IL2CPP looks for the attribute by its name; Unity's own one is not referred to
/// here.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class MonoPInvokeCallbackAttribute : Attribute
{
    internal MonoPInvokeCallbackAttribute(Type delegateType) => DelegateType = delegateType;

    internal Type DelegateType { get; }
}

using System.Collections.Generic;
using System.Linq;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace EngineLlm.UnityTests;

/// <summary>
/// Adds to a copy of Debian's mscorlib what netstandard2.1 names and it has in another form only. Members of ReadOnlySpan that return
/// references lack the mark (a required modifier) by which compiled code asks for them; extensions of ReadOnlySequence take it by value
/// where compiled code hands over a reference. Each is added beside the old one, and calls it.
/// </summary>
internal static class SpanMembers
{
    /// <summary>Adds the members.</summary>
    /// <returns>Their names.</returns>
    internal static List<string> AddTo(ModuleDefinition library)
    {
        var added = new List<string>();
        TypeDefinition mark = library.GetType("System.Runtime.InteropServices.InAttribute");
        TypeDefinition span = library.GetType("System.ReadOnlySpan`1");
        foreach (TypeDefinition type in span.NestedTypes.Prepend(span))
        {
            foreach (MethodDefinition method in type.Methods.Where(method => method.ReturnType is ByReferenceType).ToArray())
                added.Add(AddMarked(type, method, mark));
        }
        TypeDefinition extensions = library.GetType("System.Buffers.BuffersExtensions");
        foreach (MethodDefinition method in extensions.Methods.Where(TakesSequenceByValue).ToArray())
            added.Add(AddByReference(extensions, method));
        return added;
    }

    private static bool TakesSequenceByValue(MethodDefinition method) => method.IsPublic
        && method.Parameters[0].ParameterType.Name == "ReadOnlySequence`1"
        && !method.GenericParameters[0].HasConstraints;

    private static string AddMarked(TypeDefinition type, MethodDefinition method, TypeDefinition mark)
    {
        var marked = new MethodDefinition(method.Name, method.Attributes, new RequiredModifierType(mark, method.ReturnType));
        var self = new GenericInstanceType(type);
        foreach (GenericParameter parameter in type.GenericParameters) self.GenericArguments.Add(parameter);
        var original = new MethodReference(method.Name, method.ReturnType, self) { HasThis = true };
        ILProcessor code = marked.Body.GetILProcessor();
        code.Emit(OpCodes.Ldarg_0);
        foreach (ParameterDefinition parameter in method.Parameters)
        {
            var same = new ParameterDefinition(parameter.Name, parameter.Attributes, parameter.ParameterType);
            marked.Parameters.Add(same);
            original.Parameters.Add(new ParameterDefinition(parameter.ParameterType));
            code.Emit(OpCodes.Ldarg, same);
        }
        code.Emit(OpCodes.Call, original);
        code.Emit(OpCodes.Ret);
        type.Methods.Add(marked);
        return marked.FullName;
    }

    private static string AddByReference(TypeDefinition type, MethodDefinition method)
    {
        var added = new MethodDefinition(method.Name, method.Attributes, type.Module.TypeSystem.Void);
        var element = new GenericParameter(method.GenericParameters[0].Name, added);
        added.GenericParameters.Add(element);
        added.ReturnType = Substitute(method.ReturnType, element);
        var original = new GenericInstanceMethod(method);
        original.GenericArguments.Add(element);
        ILProcessor code = added.Body.GetILProcessor();
        foreach (ParameterDefinition parameter in method.Parameters)
        {
            TypeReference value = Substitute(parameter.ParameterType, element);
            bool isSequence = parameter.Index == 0;
            var handed = new ParameterDefinition(parameter.Name, parameter.Attributes, isSequence ? new ByReferenceType(value) : value);
            added.Parameters.Add(handed);
            code.Emit(OpCodes.Ldarg, handed);
            if (isSequence) code.Emit(OpCodes.Ldobj, value);
        }
        code.Emit(OpCodes.Call, original);
        code.Emit(OpCodes.Ret);
        type.Methods.Add(added);
        return added.FullName;
    }

    private static TypeReference Substitute(TypeReference type, GenericParameter element)
    {
        switch (type)
        {
            case GenericParameter:
                return element;
            case ArrayType array:
                return new ArrayType(Substitute(array.ElementType, element));
            case GenericInstanceType generic:
                var instance = new GenericInstanceType(generic.ElementType);
                foreach (TypeReference argument in generic.GenericArguments) instance.GenericArguments.Add(Substitute(argument, element));
                return instance;
            default:
                return type;
        }
    }
}

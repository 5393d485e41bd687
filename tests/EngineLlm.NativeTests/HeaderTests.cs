using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using EngineLlm.Native.C;
using NUnit.Framework;

namespace EngineLlm.NativeTests;

/// <summary>The header and the library say the same: layouts, numbers and functions.</summary>
internal sealed class HeaderTests
{
    private static readonly Dictionary<string, Type> s_structs = new()
    {
        ["enginellm_device"] = typeof(DeviceStruct),
        ["enginellm_engine_options"] = typeof(EngineOptionsStruct),
        ["enginellm_load"] = typeof(LoadStruct),
        ["enginellm_statistics"] = typeof(StatisticsStruct),
        ["enginellm_example"] = typeof(ExampleStruct),
        ["enginellm_npc_options"] = typeof(NpcOptionsStruct),
        ["enginellm_answer"] = typeof(AnswerStruct),
    };

    private static readonly string s_header = File.ReadAllText(Path.Combine(Command.Root, "src", "EngineLlm.Native", "C", "enginellm.h"));

    [Test]
    public void EveryStructIsKnown()
    {
        IEnumerable<string> inHeader = Regex.Matches(s_header, @"^typedef struct (\w+) \{", RegexOptions.Multiline)
            .Select(match => match.Groups[1].Value);
        Assert.That(inHeader, Is.EquivalentTo(s_structs.Keys));
    }

    [Test]
    public void StructsHaveTheSameLayoutOnBothSides()
    {
        var expected = new List<string>();
        var program = new StringBuilder("#include <stdio.h>\n#include \"enginellm.h\"\nint main(void) {\n");
        foreach ((string name, Type type) in s_structs)
        {
            program.Append($"    printf(\"{name} %zu\\n\", sizeof({name}));\n");
            expected.Add($"{name} {Marshal.SizeOf(type)}");
            foreach (FieldInfo field in type.GetFields(BindingFlags.Instance | BindingFlags.NonPublic))
            {
                string member = Regex.Replace(field.Name, "(?<!^)([A-Z])", "_$1").ToLowerInvariant();
                program.Append($"    printf(\"{name}.{member} %zu\\n\", offsetof({name}, {member}));\n");
                expected.Add($"{name}.{member} {Marshal.OffsetOf(type, field.Name)}");
            }
        }
        string source = Path.Combine(Command.BuildFolder, "layout.c");
        File.WriteAllText(source, program.Append("    return 0;\n}\n").ToString());
        Command ran = Command.Run(NativeLibraryBuild.Compile(source, asCpp: false), []);
        Assert.That(ran.Output.TrimEnd().Split('\n'), Is.EqualTo(expected));
    }

    // Sizes of version 1.0. They are what old programs send, and never change.
    [TestCase(typeof(DeviceStruct), 560u)]
    [TestCase(typeof(EngineOptionsStruct), 56u)]
    [TestCase(typeof(LoadStruct), 48u)]
    [TestCase(typeof(StatisticsStruct), 88u)]
    [TestCase(typeof(NpcOptionsStruct), 112u)]
    [TestCase(typeof(AnswerStruct), 32u)]
    public void FirstSizesStayAsTheyWere(Type type, uint size)
    {
        Assert.That(type.GetProperty("FirstSize")!.GetValue(null), Is.EqualTo(size));
        Assert.That(Marshal.SizeOf(type), Is.GreaterThanOrEqualTo((int)size));
    }

    [Test]
    public void StatusesHaveTheSameNumbersAndNames()
    {
        Dictionary<string, int> inHeader = Regex.Matches(s_header, @"#define (ENGINELLM_OK|ENGINELLM_ERROR_\w+) (\d+)")
            .ToDictionary(match => match.Groups[1].Value, match => int.Parse(match.Groups[2].Value));
        Dictionary<string, int> inLibrary = Enum.GetValues<Status>()
            .ToDictionary(status => Encoding.UTF8.GetString(Statuses.NameOf(status)).TrimEnd('\0'), status => (int)status);
        Assert.That(inLibrary, Is.EquivalentTo(inHeader));
    }

    [TestCase("ENGINELLM_PAGE_", typeof(PageState))]
    [TestCase("ENGINELLM_ANSWER_", typeof(EngineLlm.Native.AnswerState))]
    [TestCase("ENGINELLM_FINISH_", typeof(EngineLlm.Native.AnswerEnd))]
    public void ConstantsHaveTheSameNumbers(string prefix, Type type)
    {
        Dictionary<string, int> inHeader = Regex.Matches(s_header, $@"#define {prefix}(\w+) (\d+)u")
            .ToDictionary(match => match.Groups[1].Value.Replace("_", ""), match => int.Parse(match.Groups[2].Value));
        Dictionary<string, int> inLibrary = Enum.GetValues(type).Cast<object>()
            .ToDictionary(value => value.ToString()!.ToUpperInvariant(), Convert.ToInt32);
        Assert.That(inLibrary, Is.EquivalentTo(inHeader));
    }

    [Test]
    public void EveryFunctionOfTheHeaderIsInTheLibraryAndNoOther()
    {
        IEnumerable<string> inHeader = Regex.Matches(s_header, @"^ENGINELLM_API [^;]*?\b(enginellm_\w+)\(", RegexOptions.Multiline)
            .Select(match => match.Groups[1].Value);
        IEnumerable<string> exported = typeof(Status).Assembly.GetTypes().Where(type => type.Namespace == typeof(Status).Namespace)
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.NonPublic))
            .Select(method => method.GetCustomAttribute<UnmanagedCallersOnlyAttribute>()?.EntryPoint).OfType<string>();
        Assert.That(exported, Is.EquivalentTo(inHeader));
    }
}

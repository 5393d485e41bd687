using System;
using System.IO;
using System.Linq;
using EngineLlm.ShaderCompiler;
using NUnit.Framework;

namespace EngineLlm.ShaderTests.Toolchain;

public sealed class ShaderSourceTests
{
    private string _folder = "";

    [SetUp]
    public void CreateFolder() => _folder = Directory.CreateTempSubdirectory("enginellm-shaders-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    private ShaderSource Read(string text, string name = "kernel.comp")
    {
        File.WriteAllText(Path.Combine(_folder, name), text);
        return ShaderSource.Read(_folder, name);
    }

    private void WriteInclude(string name, string text) => File.WriteAllText(Path.Combine(_folder, name), text);

    [Test]
    public void Line_endings_do_not_change_the_hash_and_text_does()
    {
        string hash = Read("a\nb\n").Hash;

        Assert.That(Read("a\r\nb\r\n").Hash, Is.EqualTo(hash));
        Assert.That(Read("a\nb \n").Hash, Is.Not.EqualTo(hash));
    }

    [Test]
    public void The_hash_covers_includes_of_includes()
    {
        WriteInclude("outer.glsl", "#include \"inner.glsl\"\n");
        WriteInclude("inner.glsl", "float one = 1.0;\n");
        const string Source = "#include \"outer.glsl\"\n";
        string hash = Read(Source).Hash;

        WriteInclude("inner.glsl", "float one = 1.5;\n");

        Assert.That(Read(Source).Hash, Is.Not.EqualTo(hash));
    }

    [Test]
    public void Includes_may_include_each_other()
    {
        WriteInclude("a.glsl", "#include \"b.glsl\"\n");
        WriteInclude("b.glsl", "  #  include \"a.glsl\"\n");

        Assert.That(Read("#include \"a.glsl\"\n").Hash, Has.Length.EqualTo(64));
    }

    [Test]
    public void A_missing_include_is_named() =>
        Assert.That(() => Read("#include \"nowhere.glsl\"\n"),
            Throws.TypeOf<ShaderException>().With.Message
                .EqualTo("kernel.comp: includes 'nowhere.glsl', which is not in the shaders folder."));

    [Test]
    public void A_source_without_variant_lines_has_one_build()
    {
        ShaderVariant only = Read("void main() {}\n").Variants.Single();

        Assert.That((only.Name, only.Defines.Count), Is.EqualTo(("kernel", 0)));
    }

    [Test]
    public void Variant_lines_name_builds_and_their_definitions()
    {
        ShaderSource source = Read("// variant: -\r\n//variant:  q4_0 BITS=4  SIGNED\r\n// a variant: no, prose\r\nvoid main() {}\r\n");

        Assert.That(source.Variants.Select(variant => variant.Name), Is.EqualTo(new[] { "kernel", "kernel_q4_0" }));
        Assert.That(source.Variants[1].Defines, Is.EqualTo(new[] { "BITS=4", "SIGNED" }));
    }

    [TestCase("// variant:")]
    [TestCase("// variant: Upper")]
    [TestCase("// variant: ok 4=BITS")]
    [TestCase("// variant: ok A=")]
    public void A_variant_line_that_makes_no_sense_is_an_error(string line) =>
        Assert.That(() => Read(line + "\n"), Throws.TypeOf<ShaderException>().With.Message.StartsWith("kernel.comp: "));

    [TestCase("Kernel.comp")]
    [TestCase("my-kernel.comp")]
    [TestCase("kernel_.comp")]
    public void A_name_that_gives_no_class_is_an_error(string name) =>
        Assert.That(() => Read("", name), Throws.TypeOf<ShaderException>().With.Message.Contains("lower_case"));
}

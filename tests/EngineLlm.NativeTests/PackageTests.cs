using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using EngineLlm.Tests;
using NUnit.Framework;

namespace EngineLlm.NativeTests;

/// <summary>The NuGet packages, and a program that a stranger makes with them.</summary>
internal sealed class PackageTests
{
    private static readonly string[] s_names = ["EngineLlm", "EngineLlm.Extensions.AI"];
    private static readonly string[] s_frameworks = ["net10.0", "netstandard2.1"];
    private string? _project;

    [TearDown]
    public void DeleteProject()
    {
        if (_project is not null) Directory.Delete(_project, recursive: true);
        _project = null;
    }

    [TestCaseSource(nameof(s_names))]
    public void APackageHasEverythingThatBelongsToIt(string name)
    {
        using ZipArchive package = ZipFile.OpenRead(PackageBuild.PathOf(name));
        IEnumerable<string> entries = package.Entries.Select(entry => entry.FullName);
        IEnumerable<string> libraries = s_frameworks
            .SelectMany(_ => new[] { "dll", "xml" }, (framework, kind) => $"lib/{framework}/{name}.{kind}");
        string[] expected = [$"{name}.nuspec", "README.md", "icon.png", .. libraries];
        Assert.That(entries.Where(entry => !Regex.IsMatch(entry, @"^(_rels|package)/|^\[")), Is.EquivalentTo(expected));

        XElement metadata = XDocument.Load(package.GetEntry($"{name}.nuspec")!.Open()).Root!.Elements().First();
        string? Value(string element) => metadata.Elements().FirstOrDefault(child => child.Name.LocalName == element)?.Value;
        Assert.That((Value("id"), Value("version"), Value("license")), Is.EqualTo((name, PackageBuild.Version, "MIT")));
        Assert.That((Value("icon"), Value("readme")), Is.EqualTo(("icon.png", "README.md")));
        Assert.That(Value("description"), Is.Not.Empty);
        XElement repository = metadata.Elements().Single(child => child.Name.LocalName == "repository");
        Assert.That(repository.Attribute("commit")?.Value, Does.Match("^[0-9a-f]{40}$"), "the commit that it was made from");
    }

    [TestCaseSource(nameof(s_frameworks))]
    public void TheShadersAreInTheLibrary(string framework)
    {
        using ZipArchive package = ZipFile.OpenRead(PackageBuild.PathOf("EngineLlm"));
        var library = new MemoryStream();
        using (Stream entry = package.GetEntry($"lib/{framework}/EngineLlm.dll")!.Open()) entry.CopyTo(library);
        library.Position = 0;
        using var image = new PEReader(library);
        MetadataReader reader = image.GetMetadataReader();
        IEnumerable<string> resources = reader.ManifestResources
            .Select(handle => reader.GetString(reader.GetManifestResource(handle).Name));
        string spirv = Path.Combine(Command.Root, "src", "EngineLlm", "Kernels", "Spirv");
        Assert.That(resources, Is.SupersetOf(Directory.GetFiles(spirv, "*.spv").Select(Path.GetFileName)));
    }

    [Test]
    public void TheSameSourcesGiveTheSameBytes()
    {
        string again = PackageBuild.PackAgain();
        foreach (string name in s_names)
        {
            foreach (string extension in new[] { "nupkg", "snupkg" })
            {
                string file = PackageBuild.PathOf(name, extension);
                Assert.That(File.ReadAllBytes(Path.Combine(again, Path.GetFileName(file))), Is.EqualTo(File.ReadAllBytes(file)), file);
            }
        }
    }

    [Test]
    public void ACharacterAnswersInAFreshProjectThatIsPublishedAsANativeProgram()
    {
        _ = NativeLibraryBuild.Folder; // The same linker is needed; without one this test is skipped too.
        string folder = _project = MakeProject(PackageBuild.Folder);
        Command published = Command.Dotnet(folder, "publish", "-c", "Release", "-r", "linux-x64", "-o", "out");
        Assert.That(published.ExitCode, Is.Zero, published.Report);
        Assert.That(published.Output, Does.Not.Contain("warning"));
        IEnumerable<string?> files = Directory.GetFiles(Path.Combine(folder, "out")).Select(Path.GetFileName);
        Assert.That(files, Is.EquivalentTo(new[] { "Tavern", "Tavern.dbg" }));

        Command native = Command.Run(Path.Combine(folder, "out", "Tavern"), [SharedFiles.SmolLm2], folder: folder);
        Assert.That(native.ExitCode, Is.Zero, native.Report);
        Assert.That(native.Output, Does.Match(@"\w+ \w+ \w+"), "she answers");
        Command managed = Command.Dotnet(folder, "run", "--", SharedFiles.SmolLm2);
        Assert.That(managed.ExitCode, Is.Zero, managed.Report);
        Assert.That(managed.Output, Is.EqualTo(native.Output), "the seed is the same, and so are the words");
    }

    /// <summary>
    /// A project of its own, outside of the repository, with the program that stands in the README. It knows no package source but the
    /// folder; what the packages depend on was restored for the repository already, and is taken from there: the test needs no network.
    /// </summary>
    private static string MakeProject(string packages)
    {
        string folder = Directory.CreateTempSubdirectory("enginellm-tavern-").FullName;
        string cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        File.WriteAllText(Path.Combine(folder, "Tavern.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
                <PublishAot>true</PublishAot>
                <InvariantGlobalization>true</InvariantGlobalization>
                <!-- What a source of this machine lacks is no fault of the packages; see Directory.Build.props. -->
                <NoWarn>$(NoWarn);NU1603</NoWarn>
                <RestorePackagesPath>{folder}/restored</RestorePackagesPath>
                <RestoreFallbackFolders>{cache}</RestoreFallbackFolders>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="EngineLlm.Extensions.AI" Version="{PackageBuild.Version}" />
              </ItemGroup>
            </Project>
            """);
        File.WriteAllText(Path.Combine(folder, "nuget.config"), $"""
            <configuration><packageSources><clear /><add key="folder" value="{packages}" /></packageSources></configuration>
            """);
        File.WriteAllText(Path.Combine(folder, "Program.cs"), ProgramOfTheReadme());
        return folder;
    }

    private static string ProgramOfTheReadme()
    {
        string readme = File.ReadAllText(Path.Combine(Command.Root, "README.md"));
        const RegexOptions Options = RegexOptions.Multiline | RegexOptions.Singleline;
        Match program = Regex.Match(readme, "^## In a \\.NET game.*?^```csharp\n(.*?)^```", Options);
        Assert.That(program.Success, Is.True, "the README has a program for .NET");
        return program.Groups[1].Value;
    }
}

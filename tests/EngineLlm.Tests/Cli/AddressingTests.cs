using System.Linq;
using EngineLlm.Cli.Scenes;
using NUnit.Framework;

namespace EngineLlm.Tests.Cli;

internal sealed class AddressingTests
{
    private static readonly Character[] s_characters =
        new[] { "Mira", "Bram", "Ysolde" }.Select(name => new Character { Name = name, Persona = $"You are {name}." }).ToArray();

    [TestCase("Mira, what do you sell?", "0", "what do you sell?")]
    [TestCase("  mira what do you sell?", "0", "what do you sell?")]
    [TestCase("BRAM: hello", "1", "hello")]
    [TestCase("@Ysolde hello", "2", "hello")]
    [TestCase("Bram", "1", "Bram")]
    [TestCase("Bram?", "1", "Bram?")]
    [TestCase("Hello Ysolde!", "2", "Hello Ysolde!")]
    [TestCase("Hello, Mira, how are you?", "0", "Hello, Mira, how are you?")]
    [TestCase("What do you sell, Mira?", "0", "What do you sell, Mira?")]
    [TestCase("everyone, good evening", "0 1 2", "good evening")]
    [TestCase("all: good evening", "0 1 2", "good evening")]
    [TestCase("@everyone good evening", "0 1 2", "good evening")]
    [TestCase("All is quiet tonight.", "0 1 2", "All is quiet tonight.")]
    [TestCase("everyone", "0 1 2", "everyone")]
    [TestCase("Who are you?", "0 1 2", "Who are you?")]
    [TestCase("I have heard of Mira and her stew.", "0 1 2", "I have heard of Mira and her stew.")]
    [TestCase("Miranda is late", "0 1 2", "Miranda is late")]
    [TestCase("?", "0 1 2", "?")]
    public void ALineFindsItsListeners(string line, string listeners, string text)
    {
        Address address = Addressing.Parse(line, s_characters);
        Assert.That(string.Join(' ', address.Listeners), Is.EqualTo(listeners));
        Assert.That(address.Text, Is.EqualTo(text));
    }
}

using System;
using System.Linq;
using System.Text;
using EngineLlm.Cli;
using EngineLlm.Cli.Scenes;
using NUnit.Framework;

namespace EngineLlm.Tests.Cli;

internal sealed class SceneReaderTests
{
    private const string Smallest =
        """{ "name": "Here", "place": "A place.", "characters": [ { "name": "Ann", "persona": "You are Ann." } ] }""";


    [Test]
    public void TheBuiltInSceneHasAtLeastThreeCharactersWithPersonasOfTheirOwn()
    {
        Scene scene = SceneReader.BuiltIn();
        Assert.That(scene.Characters, Has.Count.GreaterThanOrEqualTo(3));
        Assert.That(scene.Characters.Select(c => c.Persona), Is.Unique);
        foreach (Character character in scene.Characters) Assert.That(character.Persona, Does.Contain(character.Name));
    }

    [Test]
    public void EverySuggestionOfTheBuiltInSceneReachesSomebody()
    {
        Scene scene = SceneReader.BuiltIn();
        Assert.That(scene.Suggestions, Is.Not.Empty);
        foreach (string suggestion in scene.Suggestions) Assert.That(Addressing.Parse(suggestion, scene.Characters).Text, Is.Not.Empty);
    }

    [Test]
    public void WhatMayBeLeftOutHasDefaults()
    {
        Scene scene = SceneReader.Parse(Encoding.UTF8.GetBytes(Smallest), "test");
        Assert.That(scene.Setting, Is.Empty);
        Assert.That(scene.Suggestions, Is.Empty);
        Assert.That(scene.Characters[0].Role, Is.Empty);
        Assert.That(scene.Characters[0].Greeting, Is.Empty);
    }

    [TestCase("", "not a scene")]
    [TestCase("null", "null")]
    [TestCase("[]", "not a scene")]
    [TestCase("{}", "name")]
    [TestCase("""{ "name": "Here", "place": "A place.", "characters": [] }""", "1 to 16")]
    [TestCase("""{ "name": "Here", "place": "A place.", "characters": [ null ] }""", "null")]
    [TestCase("""{ "name": "Here", "place": "A place.", "characters": null }""", "1 to 16")]
    [TestCase("""{ "name": " ", "place": "A place.", "characters": [ { "name": "Ann", "persona": "You." } ] }""", "'name'")]
    [TestCase("""{ "name": "Here", "place": "A place.", "characters": [ { "name": "Ann Lee", "persona": "You." } ] }""", "one word")]
    [TestCase("""{ "name": "Here", "place": "A place.", "characters": [ { "name": "Everyone", "persona": "You." } ] }""", "command")]
    [TestCase("""{ "name": "Here", "place": "A place.", "characters": [ { "name": "Ann" } ] }""", "persona")]
    [TestCase("""{ "name": "Here", "place": "A place.", "characters": [ { "name": "Ann", "persona": "A" }, { "name": "ann", "persona": "B" } ] }""",
        "two characters")]
    [TestCase(
        """{ "name": "Here", "place": "A \u001b[31mplace.", "characters": [ { "name": "Ann", "persona": "A" } ] }""", "control character")]
    [TestCase(
        """{ "name": "Here", "place": "A place.", "characters": [ { "name": "Ann", "persona": "A", "persoan": "B" } ] }""", "persoan")]
    [TestCase(
        """{ "name": "Here", "place": "A place.", "characters": [ { "name": "Ann", "persona": "A", "greeting": null } ] }""", "greeting")]
    [TestCase(
        """{ "name": "Here", "place": "A place.", "suggestions": [ null ], "characters": [ { "name": "Ann", "persona": "A" } ] }""",
        "suggestion")]
    public void ABadSceneIsAnErrorOfOneLineThatSaysWhere(string json, string expected)
    {
        InputException error = Assert.Throws<InputException>(() => SceneReader.Parse(Encoding.UTF8.GetBytes(json), "mine.json"))!;
        Assert.That(error.Message, Does.StartWith("mine.json").And.Contain(expected).And.Not.Contain("\n"));
    }

    [Test]
    public void ALongPersonaIsRefused()
    {
        string json = Smallest.Replace("You are Ann.", new string('a', 9000), StringComparison.Ordinal);
        Assert.Throws<InputException>(() => SceneReader.Parse(Encoding.UTF8.GetBytes(json), "mine.json"));
    }
}

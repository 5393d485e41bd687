using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;

namespace EngineLlm.Models.Gguf;

/// <summary>
/// Models that are split over several files, NAME-00001-of-0000N.gguf and so on: whichever part is named, all of them are opened and held
/// against each other. The first part has the metadata; every part says which one it is, of how many, and how many tensors there are in all.
/// </summary>
internal static class GgufParts
{
    private const string Number = "split.no";
    private const string Count = "split.count";
    private const string TensorCount = "split.tensors.count";
    private const string GiveNames = "give all parts the names they were published with.";
    private const int MaxCount = 99999;

    /// <summary>Opens the other parts of a model, of which one part is open.</summary>
    /// <returns>The first part, which owns the others and lists the tensors of all; the file itself where it is whole.</returns>
    /// <exception cref="ModelFormatException">A part is missing, or the parts contradict each other or their names.</exception>
    internal static GgufFile Join(GgufFile file)
    {
        int count = file.Metadata.Integer(Count, 0, MaxCount, 0);
        if (count <= 1)
        {
            CheckNumber(file, 0, 1);
            CheckTensorCount(file, file.Tensors.Count);
            return file;
        }
        int number = file.Metadata.Integer(Number, 0, count - 1);
        string stem = StemOf(file, number, count);
        var parts = new List<GgufFile>();
        try
        {
            for (int i = 0; i < count; i++) parts.Add(i == number ? file : OpenPart(file, PathOf(file, stem, i, count), i, count));
            Check(parts);
            parts[0].Adopt(parts);
            return parts[0];
        }
        catch
        {
            foreach (GgufFile part in parts)
            {
                if (part != file) part.Dispose();
            }
            throw;
        }
    }

    // NAME of NAME-00002-of-00003.gguf.
    private static string StemOf(GgufFile file, int number, int count)
    {
        string ending = Ending(number, count);
        int length = file.FileName.Length - ending.Length;
        if (file.FileName.EndsWith(ending, StringComparison.OrdinalIgnoreCase)) return file.FileName.Substring(0, length);
        throw new ModelFormatException(
            $"{file.FileName}: this is part {number + 1} of {count} of a model, so its name has to end in {ending}; {GiveNames}");
    }

    private static string Ending(int number, int count) =>
        string.Format(CultureInfo.InvariantCulture, "-{0:D5}-of-{1:D5}.gguf", number + 1, count);

    private static string PathOf(GgufFile file, string stem, int number, int count) =>
        Path.Combine(Path.GetDirectoryName(file.Path) ?? "", stem + Ending(number, count));

    private static GgufFile OpenPart(GgufFile known, string path, int number, int count)
    {
        if (File.Exists(path)) return GgufFile.OpenPart(path);
        throw new ModelFormatException(
            $"{known.FileName}: part {number + 1} of {count} is missing; put {Path.GetFileName(path)} into the same folder.");
    }

    private static void Check(List<GgufFile> parts)
    {
        int tensors = 0;
        for (int i = 0; i < parts.Count; i++)
        {
            CheckNumber(parts[i], i, parts.Count);
            if (i > 0) CheckMetadata(parts[i], parts[0]);
            tensors += parts[i].Tensors.Count;
        }
        CheckTensorCount(parts[0], tensors);
    }

    private static void CheckNumber(GgufFile part, int number, int count)
    {
        int saidNumber = part.Metadata.Integer(Number, 0, MaxCount, 0), saidCount = part.Metadata.Integer(Count, 0, MaxCount, 0);
        if (saidNumber == number && Math.Max(saidCount, 1) == count) return;
        string said = saidCount <= 1 ? "a whole model" : $"part {saidNumber + 1} of {saidCount}";
        throw new ModelFormatException(
            $"{part.FileName}: it says it is {said}, where part {number + 1} of {count} belongs; {GiveNames}");
    }

    private static void CheckTensorCount(GgufFile first, int found)
    {
        int said = first.Metadata.Integer(TensorCount, 0, int.MaxValue, found);
        if (said != found) throw first.Damaged($"the model should have {said} tensors, but its parts have {found}");
    }

    // Later parts may leave metadata out, but what they say must be what the first part says: nothing of theirs is read.
    private static void CheckMetadata(GgufFile part, GgufFile first)
    {
        foreach ((string key, GgufValue value) in part.Metadata.Values)
        {
            if (key is Number or "general.alignment") continue;
            if (first.Metadata.TryGet(key, out GgufValue other) && value.IsSameAs(other)) continue;
            throw new ModelFormatException(
                $"{part.FileName}: its {GgufParser.Printable(key)} is not that of {first.FileName}, so they are parts of different models; "
                + "keep each model's parts in a folder of their own.");
        }
    }
}

using System.Runtime.InteropServices;

namespace EngineLlm.Native.C;

#pragma warning disable CS0649, CS0169 // Fields are set by the other side, or stand for room in the struct.

/// <summary><c>enginellm_device</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct DeviceStruct : IVersionedStruct
{
    internal uint Size;
    internal uint IsUsable;
    internal ulong MemoryBytes;
    internal fixed byte Name[256];
    internal fixed byte Driver[256];
    internal fixed byte Kind[32];

    public static uint FirstSize => 560;
}

/// <summary><c>enginellm_engine_options</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct EngineOptionsStruct : IVersionedStruct
{
    internal uint Size;
    internal uint Flags;
    internal byte* ModelPath;
    internal byte* Device;
    internal byte* CacheFolder;
    internal ulong PageMemoryBytes;
    internal uint ContextTokens;
    internal uint PageTokens;
    internal uint MaxSequences;
    internal uint MaxStepTokens;

    public static uint FirstSize => 56;
}

/// <summary><c>enginellm_load</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct LoadStruct : IVersionedStruct
{
    internal uint Size;
    internal uint State;
    internal Status Status;
    internal float Fraction;
    internal fixed byte Stage[32];

    public static uint FirstSize => 48;
}

/// <summary><c>enginellm_statistics</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct StatisticsStruct : IVersionedStruct
{
    internal uint Size;
    internal uint PageCount;
    internal uint PagesUsed;
    internal uint PagesCached;
    internal uint SequencesRunning;
    internal uint SequencesWaiting;
    internal ulong TokensGenerated;
    internal ulong TokensPrefilled;
    internal ulong Steps;
    internal ulong Segments;
    internal ulong Preemptions;
    internal ulong DeviceBytes;
    internal double SegmentMicroseconds;
    internal double UpdateMicroseconds;
    internal ulong TokensDrafted;
    internal ulong DraftsAccepted;

    public static uint FirstSize => 88;
}

/// <summary><c>enginellm_example</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct ExampleStruct
{
    internal byte* Player;
    internal byte* Character;
}

/// <summary><c>enginellm_npc_options</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NpcOptionsStruct : IVersionedStruct
{
    internal uint Size;
    internal int Priority;
    internal byte* Name;
    internal byte* Persona;
    internal byte* Greeting;
    internal ExampleStruct* Examples;
    internal byte** StopTexts;
    internal uint ExampleCount;
    internal uint StopTextCount;
    internal uint MaxAnswerTokens;
    internal float Temperature;
    internal int TopK;
    internal float TopP;
    internal float MinP;
    internal float RepetitionPenalty;
    internal ulong Seed;
    internal delegate* unmanaged<ulong, byte*, nuint, void*, void> OnText;
    internal delegate* unmanaged<ulong, uint, void*, void> OnFinished;
    internal void* UserData;

    public static uint FirstSize => 112;
}

/// <summary><c>enginellm_answer</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct AnswerStruct : IVersionedStruct
{
    internal uint Size;
    internal uint State;
    internal uint Finish;
    internal uint PromptTokens;
    internal uint SharedTokens;
    internal uint AnswerTokens;
    internal ulong UnreadBytes;

    public static uint FirstSize => 32;
}

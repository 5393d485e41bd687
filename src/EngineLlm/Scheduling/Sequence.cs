namespace EngineLlm.Scheduling;

internal sealed class Sequence { }

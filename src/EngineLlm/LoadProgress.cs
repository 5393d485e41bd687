namespace EngineLlm;

/// <summary>How far loading is.</summary>
/// <param name="Stage">What is being done, for people: "weights" or "kernels".</param>
/// <param name="Fraction">How much of the stage is done, 0 to 1.</param>
public readonly record struct LoadProgress(string Stage, double Fraction);

using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("EngineLlm.Unity.Editor")]

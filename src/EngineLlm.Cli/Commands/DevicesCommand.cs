using System.CommandLine;
using System.Text.Json;
using EngineLlm.Cli.Devices;
using Spectre.Console;

namespace EngineLlm.Cli.Commands;

/// <summary>`enginellm devices`: what Vulkan finds on this machine, and which device would be taken.</summary>
internal static class DevicesCommand
{
    internal static Command Create(Terminal terminal)
    {
        Option<bool> json = SharedOptions.Json();
        var command = new Command("devices", "List the Vulkan devices with the features and limits that matter.") { json };
        command.SetAction(parsed =>
        {
            DeviceListReport report = DeviceListReport.Read();
            if (parsed.GetValue(json)) terminal.Output.WriteLine(JsonSerializer.Serialize(report, DeviceJson.Default.DeviceListReport));
            else WriteTable(terminal.Console, report);
            return ExitCodes.Success;
        });
        return command;
    }

    // One column a device: machines have few devices, and there is much to say of each.
    private static void WriteTable(IAnsiConsole console, DeviceListReport report)
    {
        Table table = Tables.Create().AddColumn("");
        foreach (DeviceReport device in report.Devices) table.AddColumn(Markup.Escape(device.Index.ToString()));
        Row("name", d => d.Name);
        Row("kind", d => d.Kind);
        Row("driver", d => d.Driver);
        Row("Vulkan", d => d.VulkanVersion);
        Row("memory", d => ByteSize.Text(d.MemoryBytes));
        Row("largest allocation", d => ByteSize.Text(d.MaxAllocationBytes));
        Row("storage buffer range", d => ByteSize.Text(d.MaxStorageBufferRange));
        Row("shared memory", d => ByteSize.Text(d.SharedMemoryBytes));
        Row("workgroup, subgroup", d => $"{d.MaxInvocations}, {d.SubgroupSize}");
        Row("push constants", d => ByteSize.Text(d.MaxPushConstantBytes));
        Row("compute queue", d => d.ComputeQueue);
        Row("transfer queue", d => d.TransferQueue);
        Row("timestamps", d => YesNo(d.Timestamps));
        Row("16-bit floats", d => YesNo(d.Float16));
        Row("8-bit integers", d => YesNo(d.Int8));
        Row("16-bit, 8-bit storage", d => $"{YesNo(d.Storage16Bit)}, {YesNo(d.Storage8Bit)}");
        Row("integer dot product", d => YesNo(d.IntegerDotProduct));
        Row("cooperative matrix", d => YesNo(d.CooperativeMatrix));
        Row("runs EngineLlm", d => d.MissingFromFloor is { } missing ? $"no: {missing}" : d.Chosen ? "yes, chosen by default" : "yes");
        console.Write(table);

        void Row(string name, System.Func<DeviceReport, string> value)
        {
            var cells = new string[report.Devices.Count + 1];
            cells[0] = name;
            for (int i = 0; i < report.Devices.Count; i++) cells[i + 1] = Markup.Escape(value(report.Devices[i]));
            table.AddRow(cells);
        }
    }

    private static string YesNo(bool value) => value ? "yes" : "no";
}

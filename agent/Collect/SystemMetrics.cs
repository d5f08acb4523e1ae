using static Messaging.Agent.Collect.InstrumentKind;

namespace Messaging.Agent.Collect;

/// <summary>
/// Every metric of the built-in collectors: names, units and instruments of OpenTelemetry's semantic conventions v1.44.0
/// (docs/system/system-metrics.md, docs/system/process-metrics.md, docs/hardware/*.md).
/// docs/reference/metrics.md lists them with their sources; a test compares the two.
/// </summary>
internal static class SystemMetrics
{
    public static readonly MetricDefinition CpuTime = new("system.cpu.time", "s", Counter) { Decimals = 2 };
    public static readonly MetricDefinition CpuUtilization = new("system.cpu.utilization", "1", Gauge) { Decimals = 4 };
    public static readonly MetricDefinition CpuLogicalCount = new("system.cpu.logical.count", "{cpu}", UpDownCounter);

    // Not defined as such: the conventions give these as the example for what means different things on different systems.
    public static readonly MetricDefinition Load1 = new("system.linux.cpu.load_1m", "{thread}", Gauge) { Decimals = 2 };
    public static readonly MetricDefinition Load5 = new("system.linux.cpu.load_5m", "{thread}", Gauge) { Decimals = 2 };
    public static readonly MetricDefinition Load15 = new("system.linux.cpu.load_15m", "{thread}", Gauge) { Decimals = 2 };

    public static readonly MetricDefinition MemoryUsage = new("system.memory.usage", "By", UpDownCounter) { Shift = 10 };
    public static readonly MetricDefinition MemoryLimit = new("system.memory.limit", "By", UpDownCounter) { Shift = 10 };
    public static readonly MetricDefinition MemoryUtilization = new("system.memory.utilization", "1", Gauge) { Decimals = 4 };
    public static readonly MetricDefinition MemoryAvailable = new("system.memory.linux.available", "By", UpDownCounter) { Shift = 10 };

    public static readonly MetricDefinition PagingUsage = new("system.paging.usage", "By", UpDownCounter) { Shift = 10 };
    public static readonly MetricDefinition PagingUtilization = new("system.paging.utilization", "1", Gauge) { Decimals = 4 };
    public static readonly MetricDefinition PagingFaults = new("system.paging.faults", "{fault}", Counter);
    public static readonly MetricDefinition PagingOperations = new("system.paging.operations", "{operation}", Counter);

    public static readonly MetricDefinition FilesystemUsage = new("system.filesystem.usage", "By", UpDownCounter) { Shift = 12 };
    public static readonly MetricDefinition FilesystemUtilization = new("system.filesystem.utilization", "1", Gauge) { Decimals = 4 };
    public static readonly MetricDefinition FilesystemLimit = new("system.filesystem.limit", "By", UpDownCounter) { Shift = 12 };

    public static readonly MetricDefinition DiskIo = new("system.disk.io", "By", Counter) { Shift = 9 };
    public static readonly MetricDefinition DiskOperations = new("system.disk.operations", "{operation}", Counter);
    public static readonly MetricDefinition DiskIoTime = new("system.disk.io_time", "s", Counter) { Decimals = 3 };
    public static readonly MetricDefinition DiskOperationTime = new("system.disk.operation_time", "s", Counter) { Decimals = 3 };

    public static readonly MetricDefinition NetworkIo = new("system.network.io", "By", Counter);
    public static readonly MetricDefinition NetworkPackets = new("system.network.packet.count", "{packet}", Counter);
    public static readonly MetricDefinition NetworkDropped = new("system.network.packet.dropped", "{packet}", Counter);
    public static readonly MetricDefinition NetworkErrors = new("system.network.errors", "{error}", Counter);

    public static readonly MetricDefinition Temperature = new("hw.temperature", "Cel", Gauge);
    public static readonly MetricDefinition Voltage = new("hw.voltage", "V", Gauge);
    public static readonly MetricDefinition Power = new("hw.power", "W", Gauge);
    public static readonly MetricDefinition Energy = new("hw.energy", "J", Counter);
    public static readonly MetricDefinition FanSpeed = new("hw.fan.speed", "rpm", Gauge);
    public static readonly MetricDefinition FanRatio = new("hw.fan.speed_ratio", "1", Gauge);

    // Not in the conventions.
    public static readonly MetricDefinition Current = new("hw.current", "A", Gauge);
    public static readonly MetricDefinition Humidity = new("hw.humidity", "1", Gauge);

    public static readonly MetricDefinition Uptime = new("system.uptime", "s", Gauge) { Decimals = 0 };

    public static readonly MetricDefinition ProcessCount = new("system.process.count", "{process}", UpDownCounter);
    public static readonly MetricDefinition ProcessCreated = new("system.process.created", "{process}", Counter);
    public static readonly MetricDefinition ProcessCpuUtilization = new("process.cpu.utilization", "1", Gauge) { Decimals = 4 };
    public static readonly MetricDefinition ProcessMemoryUsage = new("process.memory.usage", "By", UpDownCounter) { Shift = 12 };

    // Not in the conventions: as the OpenTelemetry Collector's systemd receiver names it.
    public static readonly MetricDefinition UnitState = new("systemd.unit.state", "1", UpDownCounter);
}

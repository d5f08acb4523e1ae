using System.Reflection;
using System.Runtime.CompilerServices;
using Messaging.Agent.Collect;
using Messaging.Agent.Configuration;

namespace Messaging.Agent.Tests.Collect;

/// <summary>docs/reference/metrics.md must not lie.</summary>
public sealed class MetricsDocumentTests
{
    [Fact]
    public void Document_ListsEveryMetricOnceWithItsUnitAndInstrument() => Assert.Equal(
        typeof(SystemMetrics).GetFields(BindingFlags.Static | BindingFlags.Public)
            .Select(field => (MetricDefinition)field.GetValue(null)!)
            .Select(metric => (metric.Name, metric.Unit, metric.Kind.ToString()))
            .Order(),
        Rows().Select(row => (row[1].Trim('`'), row[2].Trim('`'), row[3])).Order());

    [Fact]
    public void Document_NamesEveryCollector() =>
        Assert.Equal(OptionCatalog.CollectorNames, Rows().Select(row => row[0]).Distinct().Order(StringComparer.Ordinal));

    private static IEnumerable<string[]> Rows([CallerFilePath] string here = "") =>
        File.ReadLines(Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../../docs/reference/metrics.md")))
            .Where(line => line.StartsWith('|') && line.Contains('`', StringComparison.Ordinal))
            .Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries));
}

using System.Collections;
using System.Reflection;
using Messaging.Agent.Collect;
using Messaging.Agent.Configuration;
using Messaging.Agent.Events;
using Messaging.Agent.Systemd;
using Messaging.Agent.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Messaging.Agent.Tests.Configuration;

/// <summary>The sample file is the documentation of the options: it must not lie.</summary>
[Collection("Environment of the process")]
public sealed class SampleFileTests
{
    [Fact]
    public void Catalog_ListsExactlyTheOptionsThatExist() => Assert.Equal(
        Properties().Select(p => p.Key).Order(StringComparer.Ordinal),
        OptionCatalog.All.Select(o => o.Key).Order(StringComparer.Ordinal));

    [Fact]
    public void Sample_ListsEveryOptionOnce() => Assert.Equal(
        OptionCatalog.All.Select(o => o.Key).Order(StringComparer.Ordinal),
        SampleFile.Options().Select(o => o.Key).Where(k => !IsFree(k)).Order(StringComparer.Ordinal));

    [Fact]
    public void Sample_ShowsTheDefaultOfEveryOption()
    {
        foreach (var (key, value) in Properties())
        {
            var shown = SampleFile.Options().Single(o => o.Key == key).Value;
            Assert.Null(OptionValue.Normalize(OptionCatalog.Find(key)!, shown, out var normalized));
            Assert.Equal((key, Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)), (key, normalized));
        }
    }

    [Fact]
    public void Sample_AsItIs_ChangesNothing() => AssertEqual(new AgentOptions(), AgentOptionsLoader.Load(SampleFile.Path, new Dictionary<string, string?>()));

    [Fact]
    public void Sample_WithEveryOptionUncommented_ChangesNothingButTheExamples()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("agent.conf", string.Join('\n', File.ReadLines(SampleFile.Path).Select(l => SampleFile.IsOption(l) ? l[1..] : l)));

        var options = AgentOptionsLoader.Load(file, new Dictionary<string, string?>());

        Assert.Equal("/usr/local/lib/messaging-agent/clean-cache", Assert.Single(options.Scripts).Value);
        Assert.Equal(TimeSpan.FromSeconds(10), Assert.Single(options.Intervals).Value);
        options.Scripts.Clear();
        options.Intervals.Clear();
        Assert.Equal("one-wire", Assert.Single(options.Sensor).Value.Kind);
        options.Sensor.Clear();
        Assert.Equal(["door", "pump"], options.Gpio.Keys.Order(StringComparer.Ordinal));
        options.Gpio.Clear();
        Assert.Equal("pwmchip0/0", Assert.Single(options.Pwm).Value.Id);
        options.Pwm.Clear();
        AssertEqual(new AgentOptions(), options);
    }

    [Fact]
    public void Sample_NamesEveryCollectorAndItsDefaultInterval()
    {
        var collectors = new ServiceCollection()
            .AddSingleton(new AgentOptions())
            .AddSingleton(TimeProvider.System)
            .AddSingleton<IEventSink, RecordedEvents>()
            .AddSingleton<ISystemd>(new AbsentSystemd())
            .AddCollect()
            .BuildServiceProvider()
            .GetServices<ICollector>()
            .ToList();
        Assert.Equal(OptionCatalog.DefaultIntervals, collectors.ToDictionary(c => c.Name, c => c.DefaultInterval));

        var sentence = File.ReadLines(SampleFile.Path).Single(l => l.StartsWith("# Defaults: cpu", StringComparison.Ordinal));
        var groups = sentence["# Defaults: ".Length..].TrimEnd('.').Split("; ");
        var shown = groups.SelectMany(g =>
        {
            var at = g.LastIndexOf(' ');
            Assert.True(OptionText.TryDuration(g[at..], out var interval));
            return g[..at].Split(", ").Select(name => (name, interval));
        });
        Assert.Equal(collectors.Select(c => (c.Name, c.DefaultInterval)).Order(), shown.Order());
    }

    [Fact]
    public void Sample_ListsEveryOptionOfNamedSectionsOnce()
    {
        foreach (var template in SectionTemplates.All)
        {
            var shown = SampleFile.Options().Select(o => o.Key).Where(k => k.StartsWith(template.Section + ":", StringComparison.Ordinal)).ToList();
            var names = shown.Select(k => k.Split(':')[1]).Distinct().ToList();
            Assert.NotEmpty(names);
            Assert.Equal(
                template.Describe("x").Select(o => o.Key.Split(':')[2]).Order(StringComparer.Ordinal),
                shown.Select(k => k.Split(':')[2]).Distinct().Order(StringComparer.Ordinal));
            Assert.Equal(shown.Count, shown.Distinct().Count());
        }
    }

    [Fact]
    public void Templates_ListExactlyTheOptionsThatExist() => Assert.Equal(
        typeof(AgentOptions).GetProperties()
            .Where(section => section.PropertyType.IsGenericType && section.PropertyType.GetGenericArguments()[1] is { IsClass: true } type && type != typeof(string))
            .SelectMany(section => section.PropertyType.GetGenericArguments()[1].GetProperties().Select(p => $"{section.Name}:x:{p.Name}"))
            .Order(StringComparer.Ordinal),
        SectionTemplates.All.SelectMany(template => template.Describe("x")).Select(o => o.Key).Order(StringComparer.Ordinal));

    private static bool IsFree(string key) =>
        key.StartsWith("Scripts:", StringComparison.Ordinal) || key.StartsWith("Intervals:", StringComparison.Ordinal)
        || SectionTemplates.All.Any(template => key.StartsWith(template.Section + ":", StringComparison.Ordinal));

    private static void AssertEqual(AgentOptions expected, AgentOptions actual) => Assert.Equal(Properties(expected), Properties(actual));

    /// <summary>Section:Key -> value, by reflection.</summary>
    private static List<KeyValuePair<string, object?>> Properties(AgentOptions? options = null)
    {
        options ??= new AgentOptions();
        var found = new List<KeyValuePair<string, object?>>();
        foreach (var section in typeof(AgentOptions).GetProperties())
        {
            var value = section.GetValue(options)!;
            if (value is IDictionary dictionary)
            {
                Assert.Empty(dictionary);
                continue;
            }

            found.AddRange(value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Select(p => new KeyValuePair<string, object?>($"{section.Name}:{p.Name}", p.GetValue(value))));
        }

        return found;
    }

    private sealed class AbsentSystemd : ISystemd
    {
        public Task<IReadOnlyList<UnitState>> ListUnitsAsync(CancellationToken ct) => throw new NotSupportedException();

        public Task<string> RestartUnitAsync(string unit, TimeSpan deadline, CancellationToken ct) => throw new NotSupportedException();

        public Task<IReadOnlyList<string>> ListRebootBlockersAsync(CancellationToken ct) => throw new NotSupportedException();

        public Task RebootAsync(CancellationToken ct) => throw new NotSupportedException();
    }
}

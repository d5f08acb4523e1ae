using Messaging.Twin;
using Messaging.Wire;

namespace Messaging.Agent.Twin;

/// <summary>The properties of a desired state, in its order, and what is said of them. Pure.</summary>
internal static class TwinProperties
{
    private static readonly string[] Words = ["setting", "file", "unit", "app"];

    /// <summary>How an event and the status screen call a kind.</summary>
    public static string Word(PropertyKind kind) => Words[(int)kind];

    /// <summary>Those that are wanted as they were go on as they are; others begin anew.</summary>
    /// <param name="state">What is wanted.</param>
    /// <param name="subjects">By <see cref="PropertyKind"/>.</param>
    /// <param name="before">What was wanted, with how far it was; null: nothing.</param>
    /// <param name="known">Of what was wanted.</param>
    public static List<TwinProperty> Of(DesiredState state, ITwinSubject[] subjects, DesiredState? before, List<TwinProperty> known)
    {
        var all = new List<TwinProperty>();
        foreach (var setting in state.Settings)
        {
            Add(PropertyKind.Setting, setting.Key);
        }

        foreach (var file in state.Files)
        {
            Add(PropertyKind.File, file.Path);
        }

        foreach (var unit in state.Units)
        {
            Add(PropertyKind.Unit, unit);
        }

        foreach (var app in state.App)
        {
            Add(PropertyKind.App, app.Name);
        }

        return all;

        void Add(PropertyKind kind, string name)
        {
            var property = new TwinProperty(subjects[(int)kind], name);
            if (before is not null && known.Find(one => one.Kind == kind && one.Name == name) is { } same && IsSame(kind, name, before, state))
            {
                property.Status = same.Status;
            }

            all.Add(property);
        }
    }

    /// <summary>How far they were when the agent ended, where it said so of this very state.</summary>
    public static void Restore(List<TwinProperty> properties, ulong version, TwinTold told)
    {
        if (told.Report is not { } report || report.Version != version || report.Properties.Count != properties.Count)
        {
            return;
        }

        for (var i = 0; i < properties.Count; i++)
        {
            var was = report.Properties[i];
            if (was.Kind == properties[i].Kind && was.Name == properties[i].Name)
            {
                properties[i].Status = PropertyStatus.New with { State = was.State, WasInForce = told.WasInForce[i], Healed = was.Healed, Detail = was.Detail };
            }
        }
    }

    /// <summary>What the server is told.</summary>
    public static PropertyReport[] Report(List<TwinProperty> properties, long nowMs)
    {
        var reports = new PropertyReport[properties.Count];
        for (var i = 0; i < reports.Length; i++)
        {
            var status = properties[i].Status;
            uint? wait = status.State is PropertyState.Converging or PropertyState.Drifted
                ? (uint)Math.Clamp((status.UntilMs ?? nowMs) - nowMs, 0, uint.MaxValue)
                : null;
            reports[i] = new PropertyReport(
                properties[i].Kind, properties[i].Name, status.State, status.Healed, wait, Utf8Text.Truncate(Line(status.Detail), PropertyReport.MaxDetailBytes), status.Value);
        }

        return reports;
    }

    /// <summary>Whether people would see a difference: how long it may still take is none.</summary>
    public static bool IsTold(IReadOnlyList<PropertyReport> now, TwinReport? told)
    {
        if (told is null || told.Properties.Count != now.Count)
        {
            return false;
        }

        for (var i = 0; i < now.Count; i++)
        {
            if (now[i] with { WaitMs = null } != told.Properties[i] with { WaitMs = null })
            {
                return false;
            }
        }

        return true;
    }

    private static string Line(string text) => text.ReplaceLineEndings(" ");

    private static bool IsSame(PropertyKind kind, string name, DesiredState before, DesiredState now) => kind switch
    {
        PropertyKind.Setting => Find(before.Settings, name, static one => one.Key)?.Value == Find(now.Settings, name, static one => one.Key)?.Value,
        PropertyKind.File => Find(before.Files, name, static one => one.Path) is { } left && Find(now.Files, name, static one => one.Path) is { } right
            && left.Mode == right.Mode && left.Bytes.Span.SequenceEqual(right.Bytes.Span),
        PropertyKind.App => Find(before.App, name, static one => one.Name)?.Value == Find(now.App, name, static one => one.Name)?.Value,
        _ => true,
    };

    private static T? Find<T>(IReadOnlyList<T> all, string name, Func<T, string> nameOf)
        where T : class
    {
        foreach (var one in all)
        {
            if (nameOf(one) == name)
            {
                return one;
            }
        }

        return null;
    }
}

using Messaging.Updates.Metadata;

namespace Messaging.Updates.Releases;

/// <summary>Reads releases strictly: what is known must be as it is said, what is not known is left alone.</summary>
internal static class ReleaseReader
{
    public const string Member = "messaging";
    public const string Cipher = "aes-256-gcm-64k";

    private const int MaxText = ReleaseText.MaxBytes;

    /// <exception cref="TufException"><see cref="TufFailure.Malformed"/>.</exception>
    public static Release Read(string target, ReadOnlySpan<byte> custom)
    {
        var fields = new TufFields(target);
        if (custom.IsEmpty)
        {
            throw fields.Malformed("it is no release: nothing is said of it");
        }

        var json = TufJsonParser.Parse(custom, target);
        var release = fields.Member(json.Kind == TufJsonKind.Object ? json : throw fields.Malformed("it is no release"), Member, TufJsonKind.Object);
        var encryption = fields.Optional(release, "encryption", TufJsonKind.Text)?.Text;
        var content = fields.Optional(release, "content", TufJsonKind.Object);
        if (encryption is not null and not Cipher)
        {
            throw fields.Malformed("it is encrypted in a way that is not known here");
        }

        if (encryption is not null && content is null)
        {
            throw fields.Malformed("it is encrypted and does not say what its content is");
        }

        return new Release
        {
            Kind = Named(fields, fields.Text(release, "kind", MaxText), "kind", ReleaseText.IsKind),
            Name = Named(fields, fields.Text(release, "name", MaxText), "name", ReleaseText.IsName),
            Version = VersionOf(fields, release),
            Counter = fields.Number(release, "counter", 0),
            Hardware = Texts(fields, release, "hardware", Release.MaxNames, ReleaseText.IsHardware),
            Requires = Requirements(fields, release),
            ContentSha256 = content is null ? null : Named(fields, fields.Text(content, "sha256", MaxText), "sha256", ReleaseText.IsSha256),
            ContentLength = content is null ? 0 : fields.Number(content, "length", 0),
            IsEncrypted = encryption is not null,
            Deltas = Deltas(fields, release),
            Parameters = Parameters(fields, release),
            Health = fields.Optional(release, "health", TufJsonKind.Object) is { } health ? HealthOf(fields, health) : HealthChecks.None,
        };
    }

    private static SemanticVersion VersionOf(TufFields fields, TufJson value) =>
        SemanticVersion.TryParse(fields.Text(value, "version", MaxText), out var version) ? version : throw fields.Malformed("version is none as of Semantic Versioning");

    private static string Named(TufFields fields, string text, string name, Func<string, bool> isSound) =>
        isSound(text) ? text : throw fields.Malformed($"{name} is not as it must be");

    private static string[] Texts(TufFields fields, TufJson value, string name, int max, Func<string, bool>? isSound)
    {
        if (fields.Optional(value, name, TufJsonKind.Array) is null)
        {
            return [];
        }

        var texts = fields.Texts(value, name, max, MaxText);
        foreach (var text in texts)
        {
            _ = isSound?.Invoke(text) == false ? throw fields.Malformed($"an item of {name} is not as it must be") : true;
        }

        return texts;
    }

    private static TufJson[] Objects(TufFields fields, TufJson value, string name, int max) =>
        fields.Optional(value, name, TufJsonKind.Array) is null ? [] : fields.List(value, name, max, TufJsonKind.Object);

    private static Release.Requirement[] Requirements(TufFields fields, TufJson release)
    {
        var items = Objects(fields, release, "requires", Release.MaxNames);
        var requirements = new Release.Requirement[items.Length];
        for (var i = 0; i < items.Length; i++)
        {
            requirements[i] = new Release.Requirement(Named(fields, fields.Text(items[i], "name", MaxText), "name", ReleaseText.IsName), VersionOf(fields, items[i]));
        }

        return requirements;
    }

    private static Release.DeltaSource[] Deltas(TufFields fields, TufJson release)
    {
        var items = Objects(fields, release, "deltas", Release.MaxEntries);
        var deltas = new Release.DeltaSource[items.Length];
        for (var i = 0; i < items.Length; i++)
        {
            deltas[i] = new Release.DeltaSource(
                Named(fields, fields.Text(items[i], "from", MaxText), "from", ReleaseText.IsSha256), Named(fields, fields.Text(items[i], "target", MaxText), "target", TufNames.IsTarget));
        }

        return deltas;
    }

    private static KeyValuePair<string, string>[] Parameters(TufFields fields, TufJson release)
    {
        if (fields.Optional(release, "params", TufJsonKind.Object) is not { } values)
        {
            return [];
        }

        if (values.Items.Length > Release.MaxEntries)
        {
            throw fields.Malformed($"params has more than {Release.MaxEntries} members");
        }

        var parameters = new KeyValuePair<string, string>[values.Items.Length];
        for (var i = 0; i < parameters.Length; i++)
        {
            var name = System.Text.Encoding.UTF8.GetString(values.Names[i]);
            parameters[i] = values.Items[i].Kind == TufJsonKind.Text && ReleaseText.IsParameter(name) && ReleaseText.IsValue(values.Items[i].Text)
                ? new KeyValuePair<string, string>(name, values.Items[i].Text)
                : throw fields.Malformed("a member of params is not as it must be");
        }

        return parameters;
    }

    private static HealthChecks HealthOf(TufFields fields, TufJson health)
    {
        var seconds = Seconds(fields, health, "seconds", 0, HealthChecks.None.Seconds);
        var deadline = Seconds(fields, health, "deadline", HealthChecks.MinDeadlineSeconds, HealthChecks.None.DeadlineSeconds);
        return deadline <= seconds ? throw fields.Malformed("deadline is not above seconds") : new HealthChecks
        {
            Seconds = seconds,
            DeadlineSeconds = deadline,
            Units = Texts(fields, health, "units", HealthChecks.MaxChecks, isSound: null),
            Http = Texts(fields, health, "http", HealthChecks.MaxChecks, ReleaseText.IsHttp),
            Tcp = Texts(fields, health, "tcp", HealthChecks.MaxChecks, ReleaseText.IsTcp),
            Scripts = Texts(fields, health, "scripts", HealthChecks.MaxChecks, isSound: null),
        };
    }

    private static int Seconds(TufFields fields, TufJson health, string name, int least, int otherwise) =>
        fields.Optional(health, name, TufJsonKind.Integer) is null ? otherwise
            : fields.Number(health, name, least) is <= HealthChecks.MaxSeconds and var number ? (int)number
            : throw fields.Malformed($"{name} is above {HealthChecks.MaxSeconds}");
}

using Messaging.Updates.Metadata;

namespace Messaging.Updates.Releases;

/// <summary>What a repository says of a target that devices install: the member <c>messaging</c> of its <c>custom</c> (messaging/spec/protocol.md, section 29).</summary>
public sealed class Release
{
    /// <summary>The most hardware tags, and the most requirements.</summary>
    public const int MaxNames = 16;

    /// <summary>The most deltas, and the most parameters.</summary>
    public const int MaxEntries = 32;

    /// <summary>The parameter that says which build of the agent it is.</summary>
    public const string BuildParameter = "build";

    /// <summary>The build that compiles while it runs.</summary>
    public const string TrimmedBuild = "trimmed";

    /// <summary>The build that is native code.</summary>
    public const string NativeBuild = "aot";

    /// <summary>How it is installed: the name of a hook.</summary>
    public required string Kind { get; init; }

    /// <summary>The component that it replaces.</summary>
    public required string Name { get; init; }

    /// <summary>Its version.</summary>
    public required SemanticVersion Version { get; init; }

    /// <summary>Rises with each release of the component: a device never installs one that is not above the one that it has.</summary>
    public required long Counter { get; init; }

    /// <summary>A device must have one of these; none: any device will do.</summary>
    public IReadOnlyList<string> Hardware { get; init; } = [];

    /// <summary>What must be there.</summary>
    public IReadOnlyList<Requirement> Requires { get; init; } = [];

    /// <summary>SHA-256 of what is installed, 64 lower-case hexadecimal digits; null: the target itself is.</summary>
    public string? ContentSha256 { get; init; }

    /// <summary>Bytes of what is installed, where <see cref="ContentSha256"/> is there.</summary>
    public long ContentLength { get; init; }

    /// <summary>The target and its deltas are encrypted, by <see cref="ContentCipher"/>.</summary>
    public bool IsEncrypted { get; init; }

    /// <summary>Targets that make this release of what a device may have.</summary>
    public IReadOnlyList<DeltaSource> Deltas { get; init; } = [];

    /// <summary>For the hook: names and values.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Parameters { get; init; } = [];

    /// <summary>Which build of the agent it is, by its parameters; null: it does not say.</summary>
    public string? Build
    {
        get
        {
            foreach (var parameter in Parameters)
            {
                if (parameter.Key == BuildParameter)
                {
                    return parameter.Value;
                }
            }

            return null;
        }
    }

    /// <summary>What must be true before it counts as installed.</summary>
    public HealthChecks Health { get; init; } = HealthChecks.None;

    /// <summary>Reads what a repository says of a target.</summary>
    /// <exception cref="TufException">It is no release, or not one as it must be: <see cref="TufFailure.Malformed"/>.</exception>
    public static Release Read(TargetFile target)
    {
        ArgumentNullException.ThrowIfNull(target);
        return ReleaseReader.Read(target.Path, target.Custom.Span);
    }

    /// <summary>Reads a <c>custom</c>.</summary>
    /// <param name="target">The path of its target, for what is wrong with it.</param>
    /// <param name="custom">An object in JSON; empty when there is none.</param>
    /// <exception cref="TufException">It is no release, or not one as it must be: <see cref="TufFailure.Malformed"/>.</exception>
    public static Release Read(string target, ReadOnlySpan<byte> custom) => ReleaseReader.Read(target, custom);

    /// <summary>A component that must be there, in this version or a later one.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="version">The least version.</param>
    public sealed class Requirement(string name, SemanticVersion version)
    {
        /// <summary>The component's name.</summary>
        public string Name { get; } = name;

        /// <summary>The least version.</summary>
        public SemanticVersion Version { get; } = version;
    }

    /// <summary>A target that makes the release of something else.</summary>
    /// <param name="from">SHA-256 of what it starts from, 64 lower-case hexadecimal digits.</param>
    /// <param name="target">The path of the target.</param>
    public sealed class DeltaSource(string from, string target)
    {
        /// <summary>SHA-256 of what it starts from, 64 lower-case hexadecimal digits.</summary>
        public string From { get; } = from;

        /// <summary>The path of the target.</summary>
        public string Target { get; } = target;
    }
}

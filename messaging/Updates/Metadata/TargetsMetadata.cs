using System.Text;

namespace Messaging.Updates.Metadata;

/// <summary>Targets, and who else may name some (TUF 4.5): the top-level file and those of delegated roles. Parsed, and not verified.</summary>
public sealed class TargetsMetadata : TufMetadata
{
    private readonly TufJson _targets;

    private TargetsMetadata(TufEnvelope envelope)
        : base(envelope, TufNames.Targets)
    {
        _targets = Fields.Map(envelope.Signed, "targets", TufLimits.MaxTargets);
        for (var i = 0; i < _targets.Items.Length; i++)
        {
            // Read once to refuse the file, and again when it is asked for: most never are.
            _ = Read(i);
        }

        if (Fields.Optional(envelope.Signed, "delegations", TufJsonKind.Object) is not { } delegations)
        {
            return;
        }

        Keys = TufKey.ReadMap(Fields, delegations);
        var roles = Fields.List(delegations, "roles", TufLimits.MaxDelegations, TufJsonKind.Object);
        var names = new HashSet<string>(StringComparer.Ordinal);
        var all = new Delegation[roles.Length];
        for (var i = 0; i < roles.Length; i++)
        {
            all[i] = Delegation.Read(Fields, roles[i]);
            _ = names.Add(all[i].Name) ? true : throw Fields.Malformed("a role's name stands twice in delegations");
        }

        Delegations = all;
    }

    /// <summary>The keys of the roles that it delegates to, by their ids.</summary>
    public IReadOnlyDictionary<string, TufKey> Keys { get; } = new Dictionary<string, TufKey>(StringComparer.Ordinal);

    /// <summary>The roles that it delegates to: an earlier one outranks a later one.</summary>
    public IReadOnlyList<Delegation> Delegations { get; } = [];

    /// <summary>How many targets it names itself.</summary>
    public int Count => _targets.Items.Length;

    /// <summary>One of the targets that it names itself, in the order of their paths' bytes.</summary>
    public TargetFile this[int index] => Read(index);

    /// <summary>Parses <c>targets.json</c>.</summary>
    /// <exception cref="TufException">It is <see cref="TufFailure.Malformed"/>.</exception>
    public static TargetsMetadata Parse(ReadOnlySpan<byte> bytes) => Parse(bytes, TufNames.Targets);

    /// <summary>Parses the file of a role.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="role">The role's name, for what is wrong with it.</param>
    /// <exception cref="TufException">It is <see cref="TufFailure.Malformed"/>.</exception>
    public static TargetsMetadata Parse(ReadOnlySpan<byte> bytes, string role) => new(TufEnvelope.Parse(bytes, role));

    /// <summary>The target that it names itself, or null.</summary>
    public TargetFile? Find(string path) =>
        _targets.Find(Encoding.UTF8.GetBytes(path)) is { } target ? TargetFile.Read(Fields, path, target) : null;

    private TargetFile Read(int index)
    {
        var path = Encoding.UTF8.GetString(_targets.Names[index]);
        return TufNames.IsTarget(path)
            ? TargetFile.Read(Fields, path, _targets.Items[index])
            : throw Fields.Malformed("a target's path is absolute, too long, or has an empty part, a . or a ..");
    }
}

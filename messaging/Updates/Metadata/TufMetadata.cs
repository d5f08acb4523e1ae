namespace Messaging.Updates.Metadata;

/// <summary>What all four kinds of metadata say.</summary>
public abstract class TufMetadata
{
    private const int MaxVersionBytes = 32;

    private protected TufMetadata(TufEnvelope envelope, string type)
    {
        var fields = new TufFields(envelope.File);
        if (fields.Text(envelope.Signed, "_type", MaxVersionBytes) != type)
        {
            throw fields.Malformed($"_type is not {type}");
        }

        if (!IsVersion1(fields.Text(envelope.Signed, "spec_version", MaxVersionBytes)))
        {
            throw fields.Malformed("spec_version is not 1");
        }

        Envelope = envelope;
        Fields = fields;
        Version = fields.Number(envelope.Signed, "version", 1);
        Expires = TufTime.TryParse(fields.Text(envelope.Signed, "expires", MaxVersionBytes), out var expires)
            ? expires
            : throw fields.Malformed("expires is no time such as 2030-01-31T12:00:00Z");
    }

    /// <summary>From 1.</summary>
    public long Version { get; }

    /// <summary>From then on it is not to be trusted.</summary>
    public DateTimeOffset Expires { get; }

    internal TufEnvelope Envelope { get; }

    private protected TufFields Fields { get; }

    /// <summary>1, 1.0 and 1.0.31 are of one major version, and so understood.</summary>
    private static bool IsVersion1(string version)
    {
        foreach (var one in version)
        {
            if (one != '.' && !char.IsAsciiDigit(one))
            {
                return false;
            }
        }

        return version == "1" || (version.StartsWith("1.", StringComparison.Ordinal) && !version.EndsWith('.'));
    }
}

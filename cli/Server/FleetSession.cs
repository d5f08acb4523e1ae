using Messaging.Cli.Configuration;
using Messaging.Cli.Hosting;
using Messaging.Cli.Trust;
using Messaging.Trust;

namespace Messaging.Cli.Server;

/// <summary>A server that has shown whom its fleet trusts.</summary>
internal sealed class FleetSession : IDisposable
{
    private readonly byte[] _fingerprint;
    private readonly SeenTrust _seen;
    private readonly TextWriter _notes;
    private ulong _serverRoot;

    private FleetSession(FleetApi api, byte[] fingerprint, SeenTrust seen, TextWriter notes, TrustFetch fetch)
    {
        Api = api;
        _fingerprint = fingerprint;
        _seen = seen;
        _notes = notes;
        _serverRoot = fetch.ServerRoot;
        Trust = fetch.Trust;
    }

    public FleetApi Api { get; }

    /// <summary>The newest that this machine has ever seen.</summary>
    public FleetTrust Trust { get; private set; }

    /// <param name="settings">Which server and which fleet.</param>
    /// <param name="token">The API token; null when only the trust is asked for.</param>
    /// <param name="seen">What this machine has seen before.</param>
    /// <param name="notes">Where notes go.</param>
    /// <exception cref="CliException">It cannot be reached, or does not prove itself.</exception>
    public static async Task<FleetSession> OpenAsync(FleetSettings settings, string? token, SeenTrust seen, TextWriter notes, CancellationToken ct)
    {
        var api = new FleetApi(settings.Url, new CertificateCheck(Authorities.Load(settings.CaFile)), token);
        try
        {
            var fetch = TrustFetch.Judge(await api.GetTrustAsync(ct), settings.Fleet, seen.Load(settings.Fleet));
            api.Trust(fetch.Trust);
            var session = new FleetSession(api, settings.Fleet, seen, notes, fetch);
            session.Keep(settings.Fleet);
            session.Note(fetch.Note);
            return session;
        }
        catch
        {
            api.Dispose();
            throw;
        }
    }

    /// <summary>Hands a change to the server, and sees that it shows it from then on.</summary>
    /// <exception cref="CliException">It refuses, or does not.</exception>
    public async Task SubmitAsync(TrustChange change, CancellationToken ct)
    {
        // A server that was restored from a backup lacks the newest roots.
        var missing = Trust.Bundle.Roots.Where(root => root.Content.Version > _serverRoot).TakeLast(TrustBundle.MaxRoots - change.Roots.Count);
        try
        {
            await Api.PostTrustAsync(change with { Roots = [.. missing, .. change.Roots] }, ct);
            var fetch = TrustFetch.Judge(await Api.GetTrustAsync(ct), _fingerprint, Trust);
            Require(change, fetch.Trust.Bundle);
            _serverRoot = fetch.ServerRoot;
            Trust = fetch.Trust;
            Api.Trust(Trust);
            Keep(_fingerprint);
        }
        catch (CliException e) when (e.Code == ExitCodes.Unavailable)
        {
            throw new CliException($"{e.Message} Whether the change was taken is not known; see: fleetctl trust show", e.Code);
        }
    }

    /// <summary>Keeps what was seen by another fingerprint too.</summary>
    public void Keep(ReadOnlySpan<byte> fingerprint)
    {
        try
        {
            _seen.Save(fingerprint, Trust);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Note($"what was seen of the fleet could not be kept: {e.Message}");
        }
    }

    public void Dispose() => Api.Dispose();

    private void Require(TrustChange change, TrustBundle shown)
    {
        // While the server has the old root key, it could have put a root of its own beside the new one.
        var root = change.Roots.Count > 0 ? change.Roots[^1] : Trust.Bundle.Roots[^1];
        if (!shown.Roots[^1].Fingerprint.SequenceEqual(root.Fingerprint))
        {
            throw new CliException(
                $"The server shows another root {shown.Roots[^1].Content.Version} than the one that was made here, signed by the same keys: somebody else has them. "
                + "The fleet is not yours; look at it: fleetctl trust show");
        }

        if (!shown.Roster.Bytes.Span.SequenceEqual(change.Roster.Bytes.Span))
        {
            throw new CliException(
                $"The server took roster {change.Roster.Content.Version}, but shows another roster {shown.Roster.Content.Version}: somebody else changed it meanwhile. "
                + "Look at it: fleetctl trust show");
        }
    }

    private void Note(string? note)
    {
        if (note is not null)
        {
            _notes.WriteLine("fleetctl: note: " + TerminalText.Line(note));
        }
    }
}

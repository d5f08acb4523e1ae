using System.Security.Authentication;
using System.Security.Cryptography;
using Messaging.Agent.Configuration;
using Messaging.Agent.Disk;
using Messaging.Agent.Identity;
using Messaging.Agent.Transport.Dialing;
using Messaging.Crypto;
using Messaging.Enrolment;
using Messaging.Trust;

namespace Messaging.Agent.Enrolment;

/// <summary>
/// Lets this device into a fleet. Nothing is believed that the token's fingerprint does not vouch for. It can be broken off at any
/// time and run again: the keys are on disk before the first request. What may pass is waited for; what does not ends it at once.
/// </summary>
internal sealed class Enroller(IDisk disk, StateFolder state, Dialer dialer, TimeProvider time, EnrolmentPatience patience, Action<string> tell)
{
    /// <summary>How often what goes on is told again.</summary>
    private static readonly TimeSpan TellAgain = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan PendingDelay = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan OutageDelay = TimeSpan.FromSeconds(15);

    /// <summary>Returns when the device is in the fleet and the record is on disk.</summary>
    /// <exception cref="EnrolmentException">It cannot go on, or what may pass has not passed in time.</exception>
    /// <exception cref="IOException">The state folder cannot be written.</exception>
    public async Task<EnrolmentRecord> RunAsync(EnrolmentToken token, IReadOnlyList<KeyValuePair<string, string>> facts, CancellationToken ct)
    {
        using var server = new FleetServerClient(token.BaseUrl, dialer);
        var store = OpenKeys(disk, state);
        var keys = store.Keys;
        tell($"This device is {keys.DeviceId}. Asking {token.BaseUrl} to let it in.");
        var (began, told, trouble, waiting) = (time.GetTimestamp(), 0L, "", false);
        while (true)
        {
            var (response, fleet, wrong, retryAfter) = await TryAsync(server, token, keys, facts, ct);
            switch (response?.Status)
            {
                case EnrolStatus.Approved:
                    return Save(store, token, response, fleet!);

                case EnrolStatus.Refused:
                    throw new EnrolmentException(
                        $"The server refused: {response.Reason} With a new token (\"add a device\") run: messaging-agent enroll TOKEN. For new keys add --force.");

                case EnrolStatus.Pending:
                    patience.Reset();
                    trouble = "";
                    if (!waiting)
                    {
                        tell("Waiting for an operator to approve this device. It is safe to press Ctrl+C and to run this again later.");
                        waiting = true;
                    }

                    await Task.Delay(PendingDelay, time, ct);
                    continue;
            }

            // Approval may take days, and networks fail now and then.
            var elapsed = time.GetElapsedTime(began);
            var wait = waiting ? OutageDelay : patience.Next(elapsed, retryAfter) ?? throw wrong!;
            if (wrong!.Message != trouble || time.GetElapsedTime(told) >= TellAgain)
            {
                (trouble, told) = (wrong.Message, time.GetTimestamp());
                tell($"{wrong.Message} {Outlook(waiting, elapsed)}");
            }

            await Task.Delay(wait, time, ct);
        }
    }

    private string Outlook(bool waiting, TimeSpan elapsed) => waiting || patience.Total == TimeSpan.MaxValue
        ? "It is tried again until it works; Ctrl+C ends it, and the same command goes on."
        : $"It is tried again, for another {OptionText.Write(TimeSpan.FromSeconds(Math.Ceiling((patience.Total - elapsed).TotalSeconds)))}; Ctrl+C ends it, and the same command goes on.";

    /// <summary>One round: the answer with what was trusted when it was asked, or what is wrong and may pass.</summary>
    /// <exception cref="EnrolmentException">What does not pass.</exception>
    private static async Task<(EnrolResponse? Response, FleetTrust? Fleet, EnrolmentException? Wrong, TimeSpan RetryAfter)> TryAsync(
        FleetServerClient server, EnrolmentToken token, DeviceKeys keys, IReadOnlyList<KeyValuePair<string, string>> facts, CancellationToken ct)
    {
        try
        {
            var fleet = await FetchTrustAsync(server, token, ct);
            var (response, wait, trouble) = await AskAsync(server, token, keys, fleet, facts, ct);
            return (response, fleet, response is null ? new EnrolmentException($"{token.BaseUrl} {trouble}.", mayPass: true) : null, wait);
        }
        catch (EnrolmentException e) when (e.MayPass)
        {
            return (null, null, e, TimeSpan.Zero);
        }
    }

    private static string Explain(EnrolmentToken token, Exception e) => e.GetBaseException() switch
    {
        AuthenticationException => $"{token.BaseUrl} shows a certificate that neither the fleet's server nor this system vouches for. "
            + "Something may be in the middle; the request was not sent.",
        HttpRequestException { StatusCode: { } status } => $"{token.BaseUrl} answers {(int)status} instead of enrolling devices. Check the address.",
        OperationCanceledException => $"{token.BaseUrl} does not answer. Check the address and the network.",
        var root => $"{token.BaseUrl} cannot be reached: {root.Message}. Check the address and the network.",
    };

    private static async Task<FleetTrust> FetchTrustAsync(FleetServerClient server, EnrolmentToken token, CancellationToken ct)
    {
        byte[] bytes;
        try
        {
            bytes = await server.GetTrustAsync(ct);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException && !ct.IsCancellationRequested)
        {
            throw new EnrolmentException(Explain(token, e), e, mayPass: true);
        }

        return FleetTrust.Begin(bytes, token.RootFingerprint.Span, out var fleet) switch
        {
            TrustVerdict.Applied => fleet!,
            TrustVerdict.RosterNotSigned or TrustVerdict.NoticeNotSigned => throw new EnrolmentException(
                $"{token.BaseUrl} is not a server that the fleet's owner has named. Nothing was sent. Tell the fleet's owner."),
            _ => throw new EnrolmentException(
                $"{token.BaseUrl} does not hold the fleet that this token is for (its root has another fingerprint). Nothing was sent. "
                + "Ask for a new token, and check that the address is right."),
        };
    }

    /// <summary>No response when the server wants to be asked again.</summary>
    private static async Task<(EnrolResponse? Response, TimeSpan RetryAfter, string Trouble)> AskAsync(
        FleetServerClient server,
        EnrolmentToken token,
        DeviceKeys keys,
        FleetTrust fleet,
        IReadOnlyList<KeyValuePair<string, string>> facts,
        CancellationToken ct)
    {
        var hpke = keys.Hpke[0].Pair;
        var nonce = RandomNumberGenerator.GetBytes(EnrolRequest.NonceBytes);
        var request = EnrolRequest.Seal(token, keys.Identity, hpke.Public, fleet.ServerHpke, facts, nonce);
        EnrolmentReply reply;
        try
        {
            reply = await server.EnrolAsync(request, fleet, ct);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException && !ct.IsCancellationRequested)
        {
            throw new EnrolmentException(Explain(token, e), e, mayPass: true);
        }

        if (reply.Response.Length == 0)
        {
            return (null, reply.RetryAfter, reply.Trouble);
        }

        return EnrolResponse.TryOpen(reply.Response, hpke, fleet.Server.Identity, keys.DeviceId, nonce, out var response)
            ? (response, TimeSpan.Zero, "")
            : throw new EnrolmentException($"The answer of {token.BaseUrl} is not signed by the fleet's server. Something may be in the middle.");
    }

    private EnrolmentRecord Save(KeyStore keys, EnrolmentToken token, EnrolResponse response, FleetTrust fleet)
    {
        // The response carries what is newest; it counts only if it follows what the token vouches for.
        fleet.Next(response.Trust.Span, out fleet);
        var record = new EnrolmentRecord(
            response.DeviceId,
            response.Name,
            response.Tags,
            response.Groups,
            token.BaseUrl.OriginalString,
            token.RootFingerprint.ToArray(),
            fleet.Bundle.Encode());

        // The keys are as old as the enrolment: only when to replace them depends on it, so that the wall clock is good enough.
        Keep(disk, state, keys, record, Math.Max(time.GetUtcNow().ToUnixTimeMilliseconds(), fleet.SignedAtUnixMs));
        return record;
    }

    /// <summary>Those of an attempt before, or new ones; durable before anybody hears of them.</summary>
    /// <exception cref="IOException">The state folder cannot be written.</exception>
    internal static KeyStore OpenKeys(IDisk disk, StateFolder state)
    {
        // That attempt may have been killed before its folder was synced.
        disk.SyncDirectory(state.Path);
        return KeyStore.Open(disk, state.Keys) ?? KeyStore.Create(disk, state.Keys, Clock.BuildTime.UnixMs);
    }

    /// <summary>The record goes last: without it the device is not enrolled, and asks again with the same keys.</summary>
    /// <exception cref="IOException">The state folder cannot be written.</exception>
    internal static void Keep(IDisk disk, StateFolder state, KeyStore keys, EnrolmentRecord record, long unixMs)
    {
        AtomicFile.Write(disk, state.Fleet, record.Trust);
        keys.Change(current => current with { ChangedAtUnixMs = unixMs });
        EnrolmentStore.Save(disk, state.Enrolment, record);
    }
}

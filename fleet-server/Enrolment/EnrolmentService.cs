using Messaging.Crypto;
using Messaging.Enrolment;
using Messaging.FleetServer.Audit;
using Messaging.FleetServer.Devices;
using Messaging.FleetServer.Trust;
using Messaging.FleetServer.Validation;
using Messaging.Wire;

namespace Messaging.FleetServer.Enrolment;

/// <inheritdoc cref="IEnrolmentService"/>
internal sealed partial class EnrolmentService(
    EnrolmentTokens tokens,
    EnrolmentDecisions decisions,
    IDeviceDirectory devices,
    FleetKeys keys,
    ITrustService trust,
    EnrolmentOptions options,
    IAuditLog audit,
    TimeProvider time,
    ILogger<EnrolmentService> logger) : IEnrolmentService, IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);

    public Task<CreatedToken> CreateTokenAsync(TokenRequest request, CancellationToken cancellationToken) =>
        tokens.CreateAsync(request, cancellationToken);

    public Task<IReadOnlyList<TokenSnapshot>> ListTokensAsync(CancellationToken cancellationToken) => tokens.ListAsync(cancellationToken);

    public Task<bool> RevokeTokenAsync(string tokenId, CancellationToken cancellationToken) => tokens.RevokeAsync(tokenId, cancellationToken);

    public async Task<EnrolmentAnswer> EnrolAsync(ReadOnlyMemory<byte> request, TimeSpan wait, CancellationToken cancellationToken)
    {
        if (!EnrolRequest.TryOpen(request.Span, keys.Hpke, out var opened))
        {
            return new EnrolmentAnswer(null);
        }

        var response = await DecideAsync(opened, cancellationToken);
        if (response.Status == EnrolStatus.Pending && wait > TimeSpan.Zero)
        {
            var limited = wait < options.LongestWait ? wait : options.LongestWait;
            await decisions.WaitAsync(opened.DeviceId, () => IsPending(opened.DeviceId), limited, cancellationToken);
            response = await DecideAsync(opened, cancellationToken);
        }

        return new EnrolmentAnswer(response.Seal(keys.Server, opened.HpkeKey));
    }

    public Task<EnrolmentDecision> ApproveAsync(string deviceId, CancellationToken cancellationToken) =>
        DecideAsync(deviceId, DeviceStatus.Active, "", cancellationToken);

    public Task<EnrolmentDecision> RejectAsync(string deviceId, string reason, CancellationToken cancellationToken) =>
        DecideAsync(deviceId, DeviceStatus.Revoked, reason, cancellationToken);

    public void Dispose() => _gate.Dispose();

    private static string NameOf(EnrolRequest request)
    {
        var host = request.Facts.FirstOrDefault(fact => fact.Key == "host.name").Value?.Trim();
        return string.IsNullOrEmpty(host) || host.Any(char.IsControl)
            ? $"device-{request.DeviceId.ToString()[..8]}"
            : host[..Math.Min(host.Length, DeviceLimits.NameLength)];
    }

    private bool IsPending(PrincipalId id) => devices.Get(id) is { Status: DeviceStatus.Pending };

    private async Task<EnrolmentDecision> DecideAsync(
        string deviceId, DeviceStatus status, string reason, CancellationToken cancellationToken)
    {
        if (!PrincipalId.TryParse(deviceId, out var id))
        {
            return EnrolmentDecision.NotFound;
        }

        var device = await devices.ChangeAsync(id, candidate => Decide(candidate, status, reason), cancellationToken);
        return device is null ? EnrolmentDecision.NotFound
            : device.Status == status ? EnrolmentDecision.Done
            : EnrolmentDecision.Conflict;
    }

    private bool Decide(Device device, DeviceStatus status, string reason)
    {
        if (device.Status != DeviceStatus.Pending)
        {
            return false;
        }

        device.Status = status;
        device.StatusReason = reason;
        device.EnrolledAt = status == DeviceStatus.Active ? time.GetUtcNow() : null;
        return true;
    }

    private async Task<EnrolResponse> DecideAsync(EnrolRequest request, CancellationToken cancellationToken)
    {
        // One at a time: a device that asks twice at once must not spend two uses.
        await _gate.WaitAsync(cancellationToken);
        try
        {
            return devices.Get(request.DeviceId) is { } known ? Answer(request, known) : await AdmitAsync(request, cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>A device that is known needs no token: its signature proves that it is the one, and asking again changes nothing.</summary>
    private EnrolResponse Answer(EnrolRequest request, Device device)
    {
        var sameKeys = request.HpkeKey.Point.SequenceEqual(device.EnrolledHpkePoint)
            && request.Identity.Point.SequenceEqual(device.IdentityPoint);
        return device.Status switch
        {
            DeviceStatus.Revoked => Refuse(request, $"This device was cut off ({device.StatusReason}). To let it in again, enrol it with new keys."),
            _ when !sameKeys => Refuse(request, "This device is enrolled with other keys. Enrol it with new keys of its own."),
            DeviceStatus.Pending => Respond(request, EnrolStatus.Pending, device.StatusReason, device),
            _ => Respond(request, EnrolStatus.Approved, "", device),
        };
    }

    private async Task<EnrolResponse> AdmitAsync(EnrolRequest request, CancellationToken cancellationToken)
    {
        var (token, reason) = await tokens.FindAsync(request.TokenId, request.Secret, cancellationToken);
        if (token is null)
        {
            Log.Refused(logger, request.DeviceId, reason);
            return Refuse(request, reason);
        }

        var now = time.GetUtcNow();
        var device = new Device
        {
            Id = request.DeviceId.ToString(),
            Name = NameOf(request),
            Status = token.RequireApproval ? DeviceStatus.Pending : DeviceStatus.Active,
            StatusReason = token.RequireApproval ? "An operator has to approve this device." : "",
            IdentityPoint = request.Identity.Point.ToArray(),
            HpkePoint = request.HpkeKey.Point.ToArray(),
            EnrolledHpkePoint = request.HpkeKey.Point.ToArray(),
            TokenId = token.Id,
            CreatedAt = now,
            EnrolledAt = token.RequireApproval ? null : now,
            Tags = [.. token.Tags],
            Facts = ReportedFacts.Limit(request.Facts),
        };
        if (!await devices.AddAsync(device, (db, cancellation) => EnrolmentTokens.SpendAsync(db, token.Id, cancellation), cancellationToken))
        {
            return Refuse(request, "The token has been used up. Ask for a new one.");
        }

        await audit.AppendAsync(
            new AuditRecord("device.enrol", $"devices/{device.Id}", AuditRecord.Ok, $"{device.Name}, {device.Status.ToString().ToLowerInvariant()}, by token {token.Name} {token.Id}")
            {
                ActorKind = "device",
                ActorId = device.Id,
                Actor = device.Name,
            },
            cancellationToken);
        Log.Admitted(logger, request.DeviceId, device.Status);
        return Answer(request, device);
    }

    private EnrolResponse Refuse(EnrolRequest request, string reason) => Respond(request, EnrolStatus.Refused, reason, null);

    private EnrolResponse Respond(EnrolRequest request, EnrolStatus status, string reason, Device? device) => new(
        request.DeviceId,
        request.Nonce,
        status,
        Utf8Text.Truncate(reason, 512),
        Utf8Text.Truncate(device?.Name ?? "", 256),
        device?.Tags ?? [],
        [.. (device?.Groups ?? []).Select(PrincipalId.Parse)],
        status == EnrolStatus.Approved ? trust.Current : ReadOnlyMemory<byte>.Empty);
}

namespace Messaging.FleetServer.Enrolment;

/// <summary>How devices join: tokens, requests and approval. Leaving is <see cref="Devices.IDeviceRegistry.RevokeAsync"/>.</summary>
internal interface IEnrolmentService
{
    /// <exception cref="Validation.InvalidInputException">A field is out of its limits.</exception>
    Task<CreatedToken> CreateTokenAsync(TokenRequest request, CancellationToken cancellationToken);

    Task<IReadOnlyList<TokenSnapshot>> ListTokensAsync(CancellationToken cancellationToken);

    /// <summary>Ends a token. Devices that it enrolled stay. False when there is no such token.</summary>
    Task<bool> RevokeTokenAsync(string tokenId, CancellationToken cancellationToken);

    /// <summary>
    /// Answers an EnrolRequest. While the device waits for approval, the answer is held back until a decision falls
    /// or <paramref name="wait"/> is over.
    /// </summary>
    Task<EnrolmentAnswer> EnrolAsync(ReadOnlyMemory<byte> request, TimeSpan wait, CancellationToken cancellationToken);

    Task<EnrolmentDecision> ApproveAsync(string deviceId, CancellationToken cancellationToken);

    Task<EnrolmentDecision> RejectAsync(string deviceId, string reason, CancellationToken cancellationToken);
}

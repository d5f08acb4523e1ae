using System.Security.Cryptography;
using Messaging.Enrolment;
using Messaging.FleetServer.Devices;
using Messaging.FleetServer.Storage;
using Messaging.FleetServer.Trust;
using Messaging.FleetServer.Validation;
using Microsoft.EntityFrameworkCore;

namespace Messaging.FleetServer.Enrolment;

/// <summary>Makes and checks enrolment tokens. Of a secret only its hash is kept.</summary>
internal sealed class EnrolmentTokens(
    IDbContextFactory<FleetDbContext> database, ITrustService trust, EnrolmentOptions options, TimeProvider time)
{
    public async Task<CreatedToken> CreateAsync(TokenRequest request, CancellationToken cancellationToken)
    {
        Check(request);
        var id = RandomNumberGenerator.GetBytes(EnrolmentToken.PartBytes);
        var secret = RandomNumberGenerator.GetBytes(EnrolmentToken.PartBytes);
        var now = time.GetUtcNow();
        var entity = new TokenEntity
        {
            Id = Convert.ToHexStringLower(id),
            Name = request.Name.Trim(),
            SecretHash = SHA256.HashData(secret),
            Tags = [.. DeviceText.CheckTags(request.Tags)],
            MaxUses = request.MaxUses,
            RequireApproval = request.RequireApproval,
            CreatedAt = now,
            CreatedBy = request.CreatedBy,
            ExpiresAt = now + request.ExpiresIn,
        };
        await using var db = await database.CreateDbContextAsync(cancellationToken);
        db.Add(entity);
        await db.SaveChangesAsync(cancellationToken);
        var token = new EnrolmentToken(options.BaseUrl, Convert.FromHexString(trust.FleetFingerprint), id, secret);
        return new CreatedToken(Snapshot(entity), token.Format(), options.BaseUrl);
    }

    public async Task<IReadOnlyList<TokenSnapshot>> ListAsync(CancellationToken cancellationToken)
    {
        await using var db = await database.CreateDbContextAsync(cancellationToken);
        var entities = await db.Set<TokenEntity>().AsNoTracking()
            .OrderByDescending(token => token.CreatedAt).ToListAsync(cancellationToken);
        return [.. entities.Select(Snapshot)];
    }

    public async Task<bool> RevokeAsync(string tokenId, CancellationToken cancellationToken)
    {
        await using var db = await database.CreateDbContextAsync(cancellationToken);
        if (await db.Set<TokenEntity>().SingleOrDefaultAsync(token => token.Id == tokenId, cancellationToken) is not { } entity)
        {
            return false;
        }

        entity.RevokedAt ??= time.GetUtcNow();
        await db.SaveChangesAsync(cancellationToken);
        return true;
    }

    /// <summary>
    /// The token that a request proves to have, or why it does not count. Only whoever has the secret learns more than "not valid".
    /// </summary>
    public async Task<(TokenEntity? Token, string Reason)> FindAsync(
        ReadOnlyMemory<byte> tokenId, ReadOnlyMemory<byte> secret, CancellationToken cancellationToken)
    {
        await using var db = await database.CreateDbContextAsync(cancellationToken);
        var id = Convert.ToHexStringLower(tokenId.Span);
        var token = await db.Set<TokenEntity>().AsNoTracking().SingleOrDefaultAsync(entity => entity.Id == id, cancellationToken);

        // The same work whether the token exists or not.
        var expected = token?.SecretHash ?? new byte[SHA256.HashSizeInBytes];
        if (!CryptographicOperations.FixedTimeEquals(SHA256.HashData(secret.Span), expected) || token is null)
        {
            return (null, "The token is not valid.");
        }

        return token switch
        {
            { RevokedAt: not null } => (null, "The token was revoked. Ask for a new one."),
            _ when token.ExpiresAt <= time.GetUtcNow() => (null, "The token has expired. Ask for a new one."),
            _ when token.Uses >= token.MaxUses => (null, "The token has been used up. Ask for a new one."),
            _ => (token, ""),
        };
    }

    /// <summary>Takes one use, in the caller's transaction. False when somebody took the last one in between.</summary>
    public static async Task<bool> SpendAsync(FleetDbContext db, string tokenId, CancellationToken cancellationToken) =>
        await db.Set<TokenEntity>()
            .Where(token => token.Id == tokenId && token.RevokedAt == null && (token.MaxUses == null || token.Uses < token.MaxUses))
            .ExecuteUpdateAsync(update => update.SetProperty(token => token.Uses, token => token.Uses + 1), cancellationToken) == 1;

    private static TokenSnapshot Snapshot(TokenEntity token) => new(
        token.Id, token.Name, token.Tags, token.MaxUses, token.Uses, token.RequireApproval,
        token.CreatedAt, token.CreatedBy, token.ExpiresAt, token.RevokedAt is not null);

    private static void Check(TokenRequest request)
    {
        if (request.Name.Length > EnrolmentLimits.TokenNameLength || request.Name.Any(char.IsControl))
        {
            throw new InvalidInputException("name", $"Must have at most {EnrolmentLimits.TokenNameLength} characters and no control characters.");
        }

        if (request.MaxUses is < 1 or > EnrolmentLimits.MaxUses)
        {
            throw new InvalidInputException("maxUses", $"Must be 1 to {EnrolmentLimits.MaxUses}, or null for any number.");
        }

        if (request.ExpiresIn < EnrolmentLimits.ShortestLife || request.ExpiresIn > EnrolmentLimits.LongestLife)
        {
            throw new InvalidInputException(
                "expiresIn",
                $"Must be {EnrolmentLimits.ShortestLife.TotalSeconds} to {EnrolmentLimits.LongestLife.TotalSeconds} seconds.");
        }
    }
}

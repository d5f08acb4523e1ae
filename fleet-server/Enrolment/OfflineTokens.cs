using Messaging.FleetServer.Audit;
using Messaging.FleetServer.ControlPlane;
using Messaging.FleetServer.Hosting;
using Messaging.FleetServer.Storage;
using Messaging.FleetServer.Trust;
using Messaging.FleetServer.Validation;
using Microsoft.EntityFrameworkCore;

namespace Messaging.FleetServer.Enrolment;

/// <summary>Makes tokens in a data folder beside the server: SQLite lets both write, and nothing about tokens is kept in memory.</summary>
internal static class OfflineTokens
{
    /// <summary>Who made the token, in the list of tokens and in the audit.</summary>
    public const string Actor = "command line";

    /// <exception cref="IOException">There is no fleet in the folder.</exception>
    /// <exception cref="InvalidInputException">The request is out of bounds, or the server's configuration is wrong.</exception>
    public static async Task<CreatedToken> CreateAsync(
        string? dataFolder, string? publicUrl, TokenRequest request, CancellationToken cancellationToken)
    {
        var options = Options(dataFolder, publicUrl);
        var keysFolder = options.PathOf(ControlSettings.KeysFolder);
        if (!TrustService.IsIn(keysFolder) || !File.Exists(options.PathOf(StorageServices.RegistryFile)))
        {
            throw new IOException($"There is no fleet in {options.DataFolder}. Start the server with it once, or name the right folder with --data.");
        }

        using var keys = FleetKeys.Open(keysFolder);
        using var trust = new TrustService(keys, keysFolder, TimeProvider.System);
        var services = new ServiceCollection();
        services.AddSingleton(options).AddSingleton(TimeProvider.System).AddRegistryStorage();
        await using var provider = services.BuildServiceProvider();
        var database = provider.GetRequiredService<IDbContextFactory<FleetDbContext>>();
        var tokens = new EnrolmentTokens(
            database, trust, new EnrolmentOptions { BaseUrl = ServerAddresses.Of(options, []).BaseUrl }, TimeProvider.System);
        var created = await tokens.CreateAsync(request, cancellationToken);

        // Before it is shown: nobody uses a token that the audit does not know.
        await new AuditLog(database, TimeProvider.System).AppendAsync(
            new AuditRecord("enrolment-token.create", $"enrolment-tokens/{created.Token.Id}", AuditRecord.Ok, created.Token.Name)
            {
                Actor = $"{Actor} ({Environment.UserName})",
            },
            cancellationToken);
        return created;
    }

    /// <summary>As the server reads them: its configuration file and the environment.</summary>
    private static FleetServerOptions Options(string? dataFolder, string? publicUrl)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        if (dataFolder is not null)
        {
            given[OptionSpecs.Data] = dataFolder;
        }

        if (publicUrl is not null)
        {
            given["public-url"] = publicUrl;
        }

        var (options, errors) = OptionsReader.Read(given, Environment.GetEnvironmentVariables());
        return errors.Count == 0 ? options : throw new InvalidInputException("", string.Join(' ', errors));
    }
}

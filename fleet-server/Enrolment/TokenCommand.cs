using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Messaging.FleetServer.Api;
using Messaging.FleetServer.Hosting;
using Messaging.FleetServer.Validation;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Messaging.FleetServer.Enrolment;

/// <summary><c>fleet-server token create</c>: a token for whoever sits at the server, running or not, without an account.</summary>
internal static class TokenCommand
{
    private const string Unlimited = "unlimited";

    public static Command Create()
    {
        var data = new Option<string?>("--data") { HelpName = "DIR", Description = $"The server's data folder [{FleetServerDefaults.DataFolder}]" };
        var name = new Option<string>("--name") { HelpName = "TEXT", Description = "For the list of tokens", DefaultValueFactory = _ => "" };
        var tags = new Option<string[]>("--tag") { HelpName = "TAG", Description = "A tag of the devices that it enrols; may be repeated" };
        var uses = new Option<string>("--max-uses") { HelpName = "N", Description = $"How many devices it enrols, or {Unlimited}", DefaultValueFactory = _ => "1" };
        var expires = new Option<string>("--expires") { HelpName = "TIME", Description = "How long it is valid: 30m, 12h, 7d", DefaultValueFactory = _ => "1h" };
        var approval = new Option<bool>("--require-approval") { Description = "An operator has to approve each device" };
        var url = new Option<string?>("--public-url") { HelpName = "URL", Description = "Where devices find the server [as the server's configuration says]" };
        var json = new Option<bool>("--json") { Description = "Print all about it, as POST /api/v1/enrolment-tokens does" };
        var create = new Command("create", "Makes an enrolment token and prints it: to be typed on the device after messaging-agent enroll.");
        foreach (var option in (ReadOnlySpan<Option>)[data, name, tags, uses, expires, approval, url, json])
        {
            create.Add(option);
        }

        create.SetAction((result, cancellationToken) => RunAsync(
            new TokenArguments(result.GetValue(data), result.GetRequiredValue(name), result.GetValue(tags) ?? [])
            {
                MaxUses = result.GetRequiredValue(uses),
                Expires = result.GetRequiredValue(expires),
                RequireApproval = result.GetValue(approval),
                PublicUrl = result.GetValue(url),
                Json = result.GetValue(json),
            },
            Console.Out,
            Console.Error,
            cancellationToken));
        HelpExamples.AddTo(
            create,
            $"""
            It works beside a running server, too. Run it as the server's user. Where devices find the server is read as the server
            does it, from DATA/{OptionsReader.FileName} and FLEET_* variables: give --public-url when the server has it on its command line.

            Examples:
              fleet-server token create
              fleet-server token create --data /srv/fleet --tag berlin --tag roof --expires 7d --max-uses 20
              fleet-server token create --max-uses {Unlimited} --require-approval --public-url https://fleet.example
              fleet-server token create --json | jq -r .command
            """);
        return new Command("token", "Enrolment tokens.") { create };
    }

    public static async Task<int> RunAsync(TokenArguments arguments, TextWriter output, TextWriter errors, CancellationToken cancellationToken)
    {
        try
        {
            PrivateFiles.Always();
            var request = new TokenRequest(
                arguments.Name, arguments.Tags, Uses(arguments.MaxUses), Duration(arguments.Expires), arguments.RequireApproval, OfflineTokens.Actor);
            var created = await OfflineTokens.CreateAsync(arguments.DataFolder, arguments.PublicUrl, request, cancellationToken);
            await output.WriteLineAsync(arguments.Json
                ? JsonSerializer.Serialize(CreatedTokenView.Of(created), ApiJson.Default.CreatedTokenView)
                : created.Text);
            if (!arguments.Json)
            {
                await errors.WriteLineAsync(About(created));
            }

            return 0;
        }
        catch (InvalidInputException error)
        {
            await errors.WriteLineAsync($"fleet-server: {OptionOf(error.Field)} {error.Message}");
            return CommandLine.WrongOptions;
        }
        catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException or SqliteException or DbUpdateException)
        {
            await errors.WriteLineAsync($"fleet-server: {(error as DbUpdateException)?.InnerException?.Message ?? error.Message}");
            return 1;
        }
    }

    /// <summary>For people, beside the token: a wrong address is noticed here and not on the roof.</summary>
    private static string About(CreatedToken created) => string.Create(CultureInfo.InvariantCulture, $"""
        For {(created.Token.MaxUses is { } uses ? $"{uses} device{(uses == 1 ? "" : "s")}" : "any number of devices")} until {created.Token.ExpiresAt:yyyy-MM-dd HH:mm} UTC, which will look for the server at {created.BaseUrl.GetLeftPart(UriPartial.Authority)}
        """);

    private static string OptionOf(string field) => field switch
    {
        "maxUses" => "--max-uses:",
        "expiresIn" => "--expires:",
        "name" => "--name:",
        "tags" => "--tag:",
        _ => "",
    };

    private static int? Uses(string text) => text == Unlimited ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var uses) ? uses
        : throw new InvalidInputException("maxUses", $"Must be a number or {Unlimited}.");

    private static TimeSpan Duration(string text)
    {
        TimeSpan? one = text.Length < 2 ? null : text[^1] switch
        {
            's' => TimeSpan.FromSeconds(1),
            'm' => TimeSpan.FromMinutes(1),
            'h' => TimeSpan.FromHours(1),
            'd' => TimeSpan.FromDays(1),
            _ => null,
        };
        return one is { } step && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && count is > 0 and < 1_000_000
            ? step * count
            : throw new InvalidInputException("expiresIn", "Must be a number with s, m, h or d: 30m, 12h, 7d.");
    }
}

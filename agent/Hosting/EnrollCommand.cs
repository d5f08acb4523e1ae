using System.CommandLine;
using System.Runtime.InteropServices;
using Messaging.Agent.Configuration;
using Messaging.Agent.Disk;
using Messaging.Agent.Enrolment;
using Messaging.Agent.Identity;
using Messaging.Agent.Transport.Dialing;
using Messaging.Agent.Uplink;
using Messaging.Enrolment;

namespace Messaging.Agent.Hosting;

/// <summary><c>messaging-agent enroll</c></summary>
internal static class EnrollCommand
{
    private const string Forever = "forever";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public static Command Create(SettingsOptions settings)
    {
        var token = new Argument<string?>("token")
        {
            Description = "What an operator copied from \"add a device\"; - reads it from standard input. Without one: the systemd credential enrolment-token.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var file = new Option<string?>("--token-file") { Description = "Reads the token from a file.", HelpName = "FILE" };
        var wait = new Option<string>("--wait")
        {
            Description = "How long it goes on while the server cannot be reached or is busy: 30s, 10m, 1d, 0 (one try), forever; 10m unless given.",
            HelpName = "TIME",
            DefaultValueFactory = _ => "10m",
        };
        var force = new Option<bool>("--force") { Description = "Enrols anew with new keys; what belonged to the old enrolment is moved aside, not deleted." };
        var command = new Verb(
            "enroll",
            "Lets this device into a fleet. Its keys are made here and never leave.",
            ("messaging-agent enroll mt1.hQF4...", "the token as an operator gave it"),
            ("messaging-agent enroll - < token.txt", "not in the process list"),
            ("messaging-agent enroll --token-file /run/token", "the same"),
            ("messaging-agent enroll mt1.hQF4... --force", "anew, with new keys"),
            ("messaging-agent enroll --token-file /run/token --wait forever", "a device that may have no network yet"))
        {
            token,
            file,
            wait,
            force,
        };
        command.SetAction((parsed, ct) => Failure.GuardAsync(async () =>
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
            using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Cancel(context, stop));
            using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Cancel(context, stop));
            try
            {
                if (!TryPatience(parsed.GetValue(wait)!, out var patience))
                {
                    return Failure.Say("--wait is a time such as 30s, 10m or 1d, 0, or the word forever.", ExitCodes.Usage);
                }

                var text = await ReadTokenAsync(parsed.GetValue(token), parsed.GetValue(file), stop.Token);
                return await RunAsync(settings.Read(parsed), text, patience, parsed.GetValue(force), stop.Token);
            }
            catch (TokenFileException e)
            {
                return Failure.Say(e.Message, ExitCodes.Usage);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return Failure.Say("Stopped. The keys are kept: run the same command again to go on.", ExitCodes.Interrupted);
            }
        }));
        return command;
    }

    private static void Cancel(PosixSignalContext context, CancellationTokenSource stop)
    {
        context.Cancel = true;
        stop.Cancel();
    }

    private static bool TryPatience(string text, out TimeSpan patience)
    {
        patience = TimeSpan.MaxValue;
        return text == Forever || (OptionText.TryDuration(text, out patience) && patience >= TimeSpan.Zero);
    }

    private static async Task<string?> ReadTokenAsync(string? token, string? file, CancellationToken ct)
    {
        if (token is not null)
        {
            return token == "-" ? await Console.In.ReadToEndAsync(ct) : token;
        }

        return (file ?? Credentials.Find(Credentials.EnrolmentToken, Environment.GetEnvironmentVariable)) is { } path ? TokenFile.Read(path) : null;
    }

    private static async Task<int> RunAsync(AgentOptions options, string? text, TimeSpan patience, bool force, CancellationToken ct)
    {
        if (!EnrolmentToken.TryParse(text, out var token))
        {
            return Failure.Say(
                text is null ? "Give the token: messaging-agent enroll TOKEN (or - for standard input, --token-file FILE, or the systemd credential enrolment-token)" : "This is not an enrolment token: they begin with mt1. and are copied whole.",
                ExitCodes.Usage);
        }

        var folder = new StateFolder(options.Device.State);
        Directory.CreateDirectory(folder.Path, OwnerOnly);
        PhysicalDisk.Instance.SyncDirectory(Path.GetDirectoryName(Path.GetFullPath(folder.Path)) ?? "/");
        using var instance = InstanceLock.TryTake(folder.Lock);
        if (instance is null)
        {
            return Failure.Say($"An agent runs in {folder.Path}. Stop it first: systemctl stop messaging-agent", ExitCodes.AlreadyRunning);
        }

        if (force)
        {
            if (StateBackup.Run(PhysicalDisk.Instance, folder, TimeProvider.System.GetUtcNow()) is { } backup)
            {
                Console.WriteLine($"What belonged to the old enrolment is in {backup} now.");
            }
        }
        else if (EnrolmentStore.Load(PhysicalDisk.Instance, folder.Enrolment) is { } existing)
        {
            return Failure.Say(
                $"This device is enrolled already, as {existing.Name} ({existing.DeviceId}) at {existing.BaseUrl}. To enrol it anew with new keys, add --force.",
                ExitCodes.Failed);
        }

        var dialer = new Dialer(new ProxySettings(options.Transport, Environment.GetEnvironmentVariable), TimeProvider.System);
        var enroller = new Enroller(
            PhysicalDisk.Instance, folder, dialer, TimeProvider.System, new EnrolmentPatience(patience, Jitter.Next), Console.WriteLine);
        var record = await enroller.RunAsync(token, DeviceFacts.Read(options.Device), ct);
        Console.WriteLine($"Enrolled as {record.Name} ({record.DeviceId}).");
        Console.WriteLine("Start the agent: systemctl enable --now messaging-agent   (or: messaging-agent run)");
        return ExitCodes.Ok;
    }
}

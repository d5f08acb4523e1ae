using System.Buffers.Text;
using System.CommandLine;
using System.Text;
using Messaging.FleetServer.ControlPlane;
using Messaging.FleetServer.Hosting;
using Messaging.FleetServer.Storage;
using Messaging.Wire;

namespace Messaging.FleetServer.Trust;

/// <summary><c>fleet-server keys renew</c>: another identity for a server whose keys somebody else has.</summary>
internal static class KeysCommand
{
    /// <summary>Public halves, as fleetctl reads them; in the data folder.</summary>
    private const string ServerFile = "server.pub";
    private const string TimeFile = "time.pub";

    public static Command Create()
    {
        var data = new Option<string?>("--data") { HelpName = "DIR", Description = $"The server's data folder [{FleetServerDefaults.DataFolder}]" };
        var renew = new Command("renew", "Gives a server that does not run another identity, for the fleet's owner to put into the roster in place of the stolen one.") { data };
        renew.SetAction(result => Renew(result.GetValue(data) ?? FleetServerDefaults.DataFolder, Console.Out, Console.Error));
        HelpExamples.AddTo(
            renew,
            $"""
            For a server whose keys were stolen: run it on a new machine, with a backup of the data folder, as the server's user. Keys that devices
            have sealed to stay, so that what they hold is not lost. The public halves go into DATA/{ServerFile} and DATA/{TimeFile}; start the
            server, and take them to the owner's machine.

            Examples:
              fleet-server keys renew --data /srv/fleet
              fleetctl roster replace-server --owner-key owner.pem --server-key {ServerFile} --time-key {TimeFile}
            """);
        return new Command("keys", "The server's own keys.") { renew };
    }

    public static int Renew(string dataFolder, TextWriter output, TextWriter errors)
    {
        var folder = Path.GetFullPath(dataFolder);
        try
        {
            PrivateFiles.Always();
            if (!Directory.Exists(folder))
            {
                throw new InvalidDataException($"There is no folder {folder}. Restore a backup of the server first, or name the right folder with --data.");
            }

            using var instance = InstanceLock.TryTake(folder)
                ?? throw new InvalidDataException($"A fleet server runs on {folder}. Stop it first: it would go on with the keys of before.");
            using var keys = FleetKeys.Renew(Path.Combine(folder, ControlSettings.KeysFolder));
            Publish(Path.Combine(folder, ServerFile), keys.Server.Public);
            Publish(Path.Combine(folder, TimeFile), keys.Time.Public);
            output.WriteLine($"The server is {keys.ServerId} now. No device heeds it before an owner has put it into the roster; take there:");
            output.WriteLine($"  {Path.Combine(folder, ServerFile)}");
            output.WriteLine($"  {Path.Combine(folder, TimeFile)}");
            return 0;
        }
        catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            errors.WriteLine($"fleet-server: {error.Message}");
            return 1;
        }
    }

    private static void Publish(string path, IdentityPublicKey key) =>
        DurableFile.Replace(path, Encoding.ASCII.GetBytes(Base64Url.EncodeToString(key.Point) + "\n"));
}

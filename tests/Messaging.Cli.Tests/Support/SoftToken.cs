using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Messaging.Cli.Tests.Support;

/// <summary>Tokens of SoftHSM in a folder of their own. One at a time: which folder it is, is told the whole process.</summary>
internal sealed partial class SoftToken : IDisposable
{
    public const string Pin = "123456";
    private const string Variable = "SOFTHSM2_CONF";
    private readonly TemporaryFolder _folder = new();

    public SoftToken()
    {
        Directory.CreateDirectory(_folder.File("tokens"));
        _folder.Write("softhsm2.conf", $"directories.tokendir = {_folder.File("tokens")}\nlog.level = ERROR\n");
        Environment.SetEnvironmentVariable(Variable, _folder.File("softhsm2.conf"));

        // .NET keeps a copy of the environment; the library asks the C library.
        if (SetEnvironment(Variable, _folder.File("softhsm2.conf"), 1) != 0)
        {
            throw new InvalidOperationException("setenv failed");
        }
    }

    public static string Module => "/usr/lib/softhsm/libsofthsm2.so";

    /// <summary>A URI at this library.</summary>
    public static string Uri(string path) => $"pkcs11:{path}?module-path={Module}";

    public SoftToken With(string label)
    {
        Run("softhsm2-util", "--init-token", "--free", "--label", label, "--so-pin", "87654321", "--pin", Pin);
        return this;
    }

    /// <summary>Puts a private key and its public half into a token.</summary>
    public void Import(string token, string label, string id, string pkcs8Pem) =>
        Run("softhsm2-util", "--import", _folder.Write($"{id}.pem", pkcs8Pem), "--token", token, "--label", label, "--id", id, "--pin", Pin);

    public void Dispose() => _folder.Dispose();

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program}: {output.Result}{error.Result}");
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}

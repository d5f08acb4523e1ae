using System.Diagnostics;

namespace Messaging.Agent.Tests.Support;

/// <summary>Programs of Debian's packages that tests need.</summary>
internal static class Tool
{
    /// <summary>Fails the test when the program is missing: a test that cannot run is not one that passed.</summary>
    public static string Require(string path, string package)
    {
        Assert.True(File.Exists(path), $"{path} is missing: apt-get install {package}");
        return path;
    }

    /// <summary>Where PATH has it; fails the test when it does not.</summary>
    public static string Find(string program)
    {
        var found = Environment.GetEnvironmentVariable("PATH")!.Split(':').Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
        Assert.True(found is not null, $"{program} is not in PATH");
        return found;
    }

    /// <summary>Runs to the end with this input; fails the test when the program fails.</summary>
    /// <returns>What it wrote.</returns>
    public static async Task<byte[]> RunAsync(string path, IEnumerable<string> arguments, ReadOnlyMemory<byte> input)
    {
        using var process = Process.Start(new ProcessStartInfo(path, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        using var output = new MemoryStream();
        var errors = process.StandardError.ReadToEndAsync();
        var reading = process.StandardOutput.BaseStream.CopyToAsync(output);
        await process.StandardInput.BaseStream.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        await reading;
        Assert.True(process.ExitCode == 0, $"{path} ended with {process.ExitCode}: {await errors}");
        return output.ToArray();
    }
}

using System.Text;
using System.Text.Json;
using Messaging.Cli.Commands;
using Messaging.Cli.Hosting;
using Messaging.Cli.Tests.Support;
using Messaging.Commands;
using Messaging.Commands.Catalog;

namespace Messaging.Cli.Tests.Commands;

/// <summary>fleetctl reads arguments as the server and the dashboard do: all three are held to the same file.</summary>
public sealed class CommandArgumentsVectorTests
{
    [Fact]
    public void Catalog_EveryType_IsKnown() =>
        Assert.Equal(CommandTypeCatalog.All.Select(type => type.Name).Order(StringComparer.Ordinal), CommandCatalog.Types.Order(StringComparer.Ordinal));

    [Fact]
    public void Arguments_OfTheVectors_AreReadAsEverywhere()
    {
        using var file = JsonDocument.Parse(File.ReadAllBytes(Vectors()));
        foreach (var one in file.RootElement.GetProperty("accepted").EnumerateArray())
        {
            Assert.Equal((one.ToString(), one.GetProperty("hex").GetString()), (one.ToString(), Convert.ToHexStringLower(Encode(one))));
        }

        foreach (var one in file.RootElement.GetProperty("refused").EnumerateArray())
        {
            Assert.Equal(ExitCodes.Usage, Assert.Throws<CliException>(() => (object)(one.ToString(), Encode(one))).Code);
        }
    }

    [Fact]
    public void Encode_WithAFile_PutsItWhereItBelongs()
    {
        Assert.True(RunInlineArguments.TryDecode(CommandArguments.Encode(CommandCatalog.Find("run-inline")!, """{"interpreter":"/bin/sh"}""", "echo ä\n"u8.ToArray()), out var script));
        Assert.Equal("echo ä\n", Encoding.UTF8.GetString(script.Body.Span));
        Assert.True(FileWriteArguments.TryDecode(CommandArguments.Encode(CommandCatalog.Find("file-write")!, """{"path":"/a"}""", [0, 0xff]), out var write));
        Assert.Equal([0, 0xff], write.Bytes.ToArray());
        Assert.Contains("takes no file", Assert.Throws<CliException>(() => CommandArguments.Encode(CommandCatalog.Find("ping")!, null, [1])).Message, StringComparison.Ordinal);
        Assert.Contains("given twice", Assert.Throws<CliException>(
            () => CommandArguments.Encode(CommandCatalog.Find("file-write")!, """{"path":"/a","content":""}""", [1])).Message, StringComparison.Ordinal);
    }

    private static byte[] Encode(JsonElement one) => CommandArguments.Encode(CommandCatalog.Find(one.GetProperty("type").GetString()!)!, one.GetProperty("args").GetRawText());

    private static string Vectors()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Messaging.sln")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException("The tests run inside the repository.");
        }

        return Path.Combine(folder.FullName, "messaging", "spec", "vectors", "command-arguments.json");
    }
}

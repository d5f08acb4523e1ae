using System.Text.Json;
using System.Text.Json.Nodes;
using Messaging.Commands.Catalog;
using Messaging.FleetServer.Commands;
using Messaging.FleetServer.Devices;

namespace Messaging.FleetServer.Tests.Commands;

/// <summary>The server reads arguments as fleetctl and the dashboard do: all three are held to the same file.</summary>
public sealed class CommandArgumentsVectorTests
{
    private static readonly Device Undescribed = new() { Id = new string('0', 32), Name = "d", IdentityPoint = [], HpkePoint = [], EnrolledHpkePoint = [] };

    [Fact]
    public void Catalog_EveryType_IsKnown() => Assert.Equal(CommandTypeCatalog.All.Select(type => type.Name).Order(StringComparer.Ordinal), CommandCatalog.Types);

    [Fact]
    public void Arguments_OfTheVectors_AreReadAsEverywhere()
    {
        using var file = JsonDocument.Parse(File.ReadAllBytes(Vectors()));
        foreach (var one in file.RootElement.GetProperty("accepted").EnumerateArray())
        {
            var wire = Parse(one);
            Assert.Equal((one.ToString(), one.GetProperty("hex").GetString()), (one.ToString(), Convert.ToHexStringLower(wire)));

            // What is shown of it is what can be asked for again.
            var shown = JsonNode.Parse(ArgumentsJson.Of(one.GetProperty("type").GetString()!, wire))!.AsObject();
            if (shown.Remove("encrypted", out var encrypted) && encrypted!.GetValue<bool>())
            {
                // But for the key of a release.
                continue;
            }

            using var again = JsonDocument.Parse(shown.ToJsonString());
            Assert.Equal(wire, Parse(one.GetProperty("type").GetString()!, again.RootElement));
        }

        foreach (var one in file.RootElement.GetProperty("refused").EnumerateArray())
        {
            Assert.ThrowsAny<ArgumentProblemException>(() => (object)(one.ToString(), Parse(one)));
        }
    }

    private static byte[] Parse(JsonElement one) => Parse(one.GetProperty("type").GetString()!, one.GetProperty("args"));

    private static byte[] Parse(string type, JsonElement args)
    {
        var reader = new ArgumentReader(args);
        var wire = CommandCatalog.Find(type)!.Parse(reader, Undescribed);
        reader.End();
        return wire;
    }

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

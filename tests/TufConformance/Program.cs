using Messaging.TufConformance;
using Messaging.Updates;
using Messaging.Updates.Client;
using Messaging.Updates.Keys;

// tuf-client --metadata-dir DIR init ROOT | [--metadata-url URL] refresh | [--target-name NAME]... --target-base-url URL --target-dir DIR download
try
{
    var arguments = Arguments.Parse(args);
    var store = new FolderStore(arguments["--metadata-dir"]);
    switch (arguments.Words)
    {
        case ["init", var root]:
            store.Replace("root", File.ReadAllBytes(root));
            return 0;
        case ["refresh"]:
            using (var http = new HttpClient())
            {
                await Client(store, new HttpFetcher(http, arguments["--metadata-url"], "")).RefreshAsync(CancellationToken.None);
            }

            return 0;
        case ["download"]:
            using (var http = new HttpClient())
            {
                var client = Client(store, new HttpFetcher(http, arguments["--metadata-url"], arguments["--target-base-url"]));
                await client.RefreshAsync(CancellationToken.None);
                var folder = new TargetFolder(arguments["--target-dir"]);
                foreach (var name in arguments.TargetNames)
                {
                    var target = await client.FindAsync(name, CancellationToken.None);
                    if (!folder.Has(target))
                    {
                        await folder.DownloadAsync(client, target, CancellationToken.None);
                    }
                }
            }

            return 0;
        default:
            throw new FormatException("the verbs are init ROOT, refresh and download");
    }
}
catch (TufException e)
{
    Console.Error.WriteLine($"tuf-client: {e.Failure}: {e.Message}");
    return 1;
}
catch (Exception e) when (e is IOException or FormatException)
{
    Console.Error.WriteLine($"tuf-client: {e.Message}");
    return 1;
}

static TufClient Client(FolderStore store, HttpFetcher fetcher) =>
    new(new TufOptions(store, fetcher, [new P256Scheme(), new Ed25519Scheme(), new RsaPssScheme()], TimeProvider.System));

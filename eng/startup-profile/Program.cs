using Messaging.StartupProfile;

if (args is ["list", var least, .. { Length: > 0 } logs] && int.TryParse(least, out var leastIlBytes))
{
    foreach (var method in JitLog.Methods(logs.SelectMany(File.ReadLines), leastIlBytes))
    {
        Console.WriteLine(method);
    }

    return 0;
}

if (args is ["mibc", var list, var folder, var output])
{
    using var assemblies = new AssemblyFolder(folder);
    var writer = new MibcWriter(assemblies);
    var (found, all) = (0, 0);
    foreach (var line in File.ReadLines(list).Where(static line => line is not ("" or ['#', ..])))
    {
        all++;
        if (writer.TryAdd(line))
        {
            found++;
        }
    }

    writer.Save(output);
    Console.WriteLine($"startup-profile: {found} of {all} methods");

    // Code changes faster than the list; a list of another program is a mistake.
    if (found * 10 < all * 7)
    {
        Console.Error.WriteLine($"{list} is out of date: make it anew with eng/startup-profile.sh");
        return 1;
    }

    return 0;
}

Console.Error.WriteLine("""
    Usage: startup-profile list LEAST LOG...            prints the methods of at least LEAST bytes of IL that the JIT compiled
           startup-profile mibc LIST FOLDER OUTPUT      writes the profile of the methods in LIST, which the assemblies in FOLDER define
    """);
return 64;

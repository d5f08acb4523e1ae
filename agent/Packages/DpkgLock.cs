namespace Messaging.Agent.Packages;

/// <summary>The lock of those who work with packages: fcntl(2), as dpkg and apt take it.</summary>
internal static class DpkgLock
{
    /// <summary>A lock of another process tells nobody that it is gone; apt asks as often.</summary>
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    /// <summary>Waits until nobody holds it.</summary>
    /// <returns>False when somebody still does.</returns>
    public static async Task<bool> WaitAsync(string path, TimeSpan patience, TimeProvider time, CancellationToken ct)
    {
        var began = time.GetTimestamp();
        while (!IsFree(path))
        {
            if (time.GetElapsedTime(began) >= patience)
            {
                return false;
            }

            await Task.Delay(Step, time, ct);
        }

        return true;
    }

    private static bool IsFree(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            file.Lock(0, 1);
            return true;
        }
        catch (FileNotFoundException)
        {
            // Nobody has worked with packages here.
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}

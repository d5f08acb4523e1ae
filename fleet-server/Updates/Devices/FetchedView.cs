namespace Messaging.FleetServer.Updates.Devices;

/// <summary>From whom the bytes of an update came, as the device says.</summary>
/// <param name="Neighbours">Devices on its local network.</param>
/// <param name="Mirrors">Mirrors of the repository.</param>
/// <param name="Homes">The fleet's servers.</param>
internal sealed record FetchedView(long Neighbours, long Mirrors, long Homes)
{
    public static FetchedView? Of(UpdateRow row) =>
        (row.FromNeighbours | row.FromMirrors | row.FromHomes) == 0 ? null : new FetchedView(row.FromNeighbours, row.FromMirrors, row.FromHomes);
}

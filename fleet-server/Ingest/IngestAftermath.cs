using Messaging.FleetServer.Clocks;
using Messaging.FleetServer.Devices;
using Messaging.FleetServer.Events;
using Messaging.FleetServer.Telemetry;

namespace Messaging.FleetServer.Ingest;

/// <summary>What follows once a group is durable: acknowledgements, presence, answers and the live view.</summary>
internal sealed class IngestAftermath(
    AckSender acks, AnswerSender answers, IDeviceDirectory devices, IFleetEvents events, RejectionCounter rejections)
{
    public void Follow(IngestGroup group)
    {
        group.AfterCommit.ForEach(action => action());
        foreach (var (device, epochs) in group.Acks)
        {
            acks.Add(device, epochs.Select(epoch => epoch.Ack()).Where(ack => ack.Through.Count > 0));
        }

        foreach (var (device, receivedAt) in group.Authenticated)
        {
            devices.ChangePresence(device, presence =>
                presence.LastAuthenticated is { } last && last >= receivedAt ? presence : presence.Authenticate(receivedAt));
        }

        Publish(group.Rows);
        group.Answers.ForEach(answers.Add);
    }

    /// <summary>Rows have a time now: they are told as if they had just come, and whoever shows the device reads it again.</summary>
    public void Follow(Placed placed)
    {
        var device = placed.Device.ToString();
        if (placed.Points.Count > 0)
        {
            events.Publish(new PointsStored(device, placed.Points));
        }

        if (placed.IsDone)
        {
            events.Publish(new DeviceChanged(device));
        }
    }

    private void Publish(TelemetryGroup rows)
    {
        foreach (var series in rows.Points.Where(series => series.SeriesId == 0))
        {
            rejections.Count(series.Device, RejectionReason.TooManySeries);
        }

        foreach (var points in rows.Points.Where(series => series.SeriesId != 0 && series.Quality != TimeQuality.Unplaced).GroupBy(series => series.Device))
        {
            events.Publish(new PointsStored(points.Key.ToString(), [.. points.Select(series => new StoredSeries(
                series.SeriesId, series.Name, series.Unit, series.Kind, series.AttributesJson, series.Points))]));
        }

        foreach (var logs in rows.Logs.GroupBy(log => log.Device))
        {
            events.Publish(new LogsStored(logs.Key.ToString(), [.. logs.Select(log => new StoredLog(
                log.Id, log.Time, log.ReceivedAt, log.Severity, log.Source, log.Body, log.AttributesJson, log.Quality))]));
        }

        foreach (var device in rows.Rejections.Select(row => row.Device).Concat(rows.Gaps.Select(row => row.Device)).Distinct())
        {
            events.Publish(new DeviceChanged(device.ToString()));
        }
    }
}

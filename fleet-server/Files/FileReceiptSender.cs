using Messaging.Files;
using Messaging.FleetServer.Downlinks;
using Messaging.Streams;
using Messaging.Wire;

namespace Messaging.FleetServer.Files;

/// <summary>Tells devices what is stored of their files. A receipt that is lost is asked for again.</summary>
internal sealed class FileReceiptSender(FileTable table, IDownlink downlink)
{
    public Task SendAsync(PrincipalId device, TransferId transfer, CancellationToken cancellationToken) => downlink.SendAsync(
        device, StreamId.Control, RecordType.FileReceipt, Of(transfer, table.Find(device, transfer)).Encode(), cancellationToken);

    public static FileReceipt Of(TransferId transfer, FileRow? row) => row switch
    {
        null => new FileReceipt(transfer, FileReceiptState.Unknown, "", []),
        { State: FileState.Receiving } => new FileReceipt(transfer, FileReceiptState.Receiving, "", row.Chunks.Missing(FileReceipt.MaxRanges)),
        { State: FileState.Verifying } => new FileReceipt(transfer, FileReceiptState.Receiving, "", []),
        { State: FileState.Incomplete } or { State: FileState.Deleted, Reason.Length: > 0 } => new FileReceipt(transfer, FileReceiptState.Ended, row.Reason, []),
        _ => new FileReceipt(transfer, FileReceiptState.Stored, "", []),
    };
}

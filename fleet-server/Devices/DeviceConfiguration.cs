using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Messaging.FleetServer.Devices;

internal sealed class DeviceConfiguration : IEntityTypeConfiguration<Device>
{
    public void Configure(EntityTypeBuilder<Device> builder)
    {
        builder.ToTable("devices");
        builder.HasKey(device => device.Id);
        builder.Property(device => device.Id).HasMaxLength(32);
        builder.Property(device => device.Name).HasMaxLength(DeviceLimits.NameLength);
        Json(builder.Property(device => device.RetiredIdentities), DeviceJson.Default.ListRetiredIdentity);
        Json(builder.Property(device => device.Facts), DeviceJson.Default.DictionaryStringString);
        Json(builder.Property(device => device.Intervals), DeviceJson.Default.DictionaryStringInt64);
    }

    private static void Json<T>(PropertyBuilder<T> property, JsonTypeInfo<T> type)
        where T : class, new() =>
        property.HasConversion(
            value => JsonSerializer.Serialize(value, type),
            text => JsonSerializer.Deserialize(text, type) ?? new T(),
            new ValueComparer<T>(
                (left, right) => JsonSerializer.Serialize(left!, type) == JsonSerializer.Serialize(right!, type),
                value => JsonSerializer.Serialize(value, type).GetHashCode(StringComparison.Ordinal),
                value => JsonSerializer.Deserialize(JsonSerializer.Serialize(value, type), type)!));
}

using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Messaging.FleetServer.Api;

internal static class ApiServices
{
    /// <summary>Bytes; no request of this API needs more.</summary>
    public const int MaxRequestBytes = 64 * 1024;

    public static IServiceCollection AddApi(this IServiceCollection services)
    {
        services.AddRouting();
        services.Configure<RouteHandlerOptions>(static options => options.ThrowOnBadRequest = true);
        services.ConfigureHttpJsonOptions(static options => ApiJson.Configure(options.SerializerOptions));
        services.AddOpenApi("v1", static options => options.AddSchemaTransformer(DescribeTimes).AddDocumentTransformer(Describe));
        return services;
    }

    /// <summary>Times have a converter of their own, so nobody else knows that they are text.</summary>
    private static Task DescribeTimes(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.JsonTypeInfo.Type == typeof(DateTimeOffset) || context.JsonTypeInfo.Type == typeof(DateTimeOffset?))
        {
            schema.Type = context.JsonTypeInfo.Type == typeof(DateTimeOffset) ? JsonSchemaType.String : JsonSchemaType.String | JsonSchemaType.Null;
        }

        return Task.CompletedTask;
    }

    private static Task Describe(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Fleet server",
            Version = "v1",
            Description = "Devices, telemetry, commands, access. Errors are problem details (RFC 9457) with a stable code.",
        };
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal)
        {
            ["apiToken"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer" },
            ["session"] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Cookie,
                Name = Access.Authenticator.CookieName,
            },
        };
        document.Security =
        [
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("apiToken", document)] = [] },
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("session", document)] = [] },
        ];
        return Task.CompletedTask;
    }
}

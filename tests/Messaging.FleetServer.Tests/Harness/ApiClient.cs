using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Messaging.FleetServer.Tests.Harness;

/// <summary>Talks to the API as a program or as a browser does; answers are read as plain JSON, not by the server's own types.</summary>
internal sealed class ApiClient : IDisposable
{
    private readonly HttpClient _http;
    private string? _csrf;

    public ApiClient(Uri address, string? token = null)
    {
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = address };
        if (token is not null)
        {
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }
    }

    public HttpClient Http => _http;

    public string? Csrf
    {
        get => _csrf;
        set
        {
            _csrf = value;
            _http.DefaultRequestHeaders.Remove("X-CSRF-Token");
            if (value is not null)
            {
                _http.DefaultRequestHeaders.Add("X-CSRF-Token", value);
            }
        }
    }

    public async Task<ApiAnswer> Send(HttpMethod method, string path, string? body = null, string contentType = "application/json")
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, contentType);
        }

        using var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var json = response.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) == true ? JsonNode.Parse(text) : null;
        return new ApiAnswer((int)response.StatusCode, json, text, response.Headers, response.Content.Headers);
    }

    public Task<ApiAnswer> Get(string path) => Send(HttpMethod.Get, path);

    public Task<ApiAnswer> Post(string path, string? body = null) => Send(HttpMethod.Post, path, body);

    public Task<ApiAnswer> Patch(string path, string body) => Send(HttpMethod.Patch, path, body);

    public Task<ApiAnswer> Delete(string path) => Send(HttpMethod.Delete, path);

    public async Task SignIn(string username, string password)
    {
        var answer = await Post("/api/v1/session", new JsonObject { ["username"] = username, ["password"] = password }.ToJsonString());
        Assert.Equal(200, answer.Status);
        Csrf = answer["csrfToken"]!.GetValue<string>();
    }

    public void Dispose() => _http.Dispose();
}

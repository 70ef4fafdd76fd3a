using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Microsoft.ML.Spatial.Tests.Samples;

/// <summary>
/// A web server on the loopback interface that sends prepared answers byte for byte, so that a test can send broken ones too. A path
/// without an answer gets 404.
/// </summary>
internal sealed class LocalServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<string, byte[]> _answers = new();
    private readonly Task _serving;

    public LocalServer()
    {
        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary>The address, with a slash at the end.</summary>
    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/data/");

    /// <summary>The names of the files asked for, in order.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>Prepares an answer whose header states the length given, or none.</summary>
    public void Answer(string file, byte[] body, long? statedLength)
    {
        var length = statedLength is null ? "" : $"Content-Length: {statedLength}\r\n";
        _answers[file] = [.. Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\n{length}Connection: close\r\n\r\n"), .. body];
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            TcpClient client;
            try
            {
                client = await _listener.AcceptTcpClientAsync();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
            {
                // Stopped, while waiting for a client or, which is the last, before asking for one.
                return;
            }

            using (client)
            {
                var stream = client.GetStream();
                using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
                var request = await reader.ReadLineAsync() ?? "";
                while (!string.IsNullOrEmpty(await reader.ReadLineAsync()))
                {
                }

                var file = request.Split(' ') is [_, var path, _] ? path["/data/".Length..] : "";
                Requests.Enqueue(file);
                await stream.WriteAsync(_answers.TryGetValue(file, out var answer)
                    ? answer
                    : Encoding.ASCII.GetBytes("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
            }
        }
    }
}

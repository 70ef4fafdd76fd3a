using System.CommandLine;
using Microsoft.ML.Spatial.Samples.FashionMnist.Data;
using Spectre.Console;

namespace Microsoft.ML.Spatial.Samples.FashionMnist.Hosting;

/// <summary>The options that say where the data set is.</summary>
internal sealed class DataSetOptions
{
    private readonly Option<string?> _folder = new("--data-folder") { Description = "Folder with the four files of Fashion-MNIST, if it is not that of Debian's package." };
    private readonly Option<string?> _home = new("--data-home") { Description = "Web address that ends in a slash, to download the four files from." };

    /// <summary>Makes the options.</summary>
    public DataSetOptions() => _home.Validators.Add(result =>
    {
        if (result.Tokens is [var token] && !(Uri.TryCreate(token.Value, UriKind.Absolute, out var home) && home.Scheme is "http" or "https" && token.Value.EndsWith('/')))
            result.AddError($"--data-home is {token.Value}; it has to be an http or https address that ends in a slash.");
    });

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_folder);
        command.Add(_home);
    }

    /// <summary>Where the data set is, by a command line.</summary>
    public FashionMnistFiles Files(ParseResult parsed, IAnsiConsole console)
    {
        var usual = new FashionMnistFiles();
        var folder = parsed.GetValue(_folder);
        return new FashionMnistFiles
        {
            Report = folder is null ? line => console.MarkupLineInterpolated($"[grey]{line}[/]") : null,
            InstalledFolder = folder ?? usual.InstalledFolder,
            MayDownload = folder is null,
            Home = parsed.GetValue(_home) is { } home ? new Uri(home) : usual.Home,
        };
    }
}

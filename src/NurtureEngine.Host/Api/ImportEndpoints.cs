using System.Security.Claims;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using NurtureEngine.Core.Intake.Imports;
using NurtureEngine.Core.Reports;
using NurtureEngine.Host.Api.Answers;
using NurtureEngine.Host.Identity;
using NurtureEngine.Host.Imports;
using NurtureEngine.Host.Rulebooks;
using NurtureEngine.Host.Scheduling;
using NurtureEngine.Host.Verbs;
using NurtureEngine.Postgres.Intake;
using NurtureEngine.Postgres.Leads;

namespace NurtureEngine.Host.Api;

/// <summary>Files of leads: brought in, followed, cancelled, and taken out again.</summary>
internal static class ImportEndpoints
{
    private const int MaxText = 500;
    private const long MaxBody = 2L * 1024 * 1024 * 1024;

    public static void MapImports(this IEndpointRouteBuilder api)
    {
        var imports = api.MapGroup("/imports").WithTags("Imports").RequireAuthorization(Scopes.LeadsWrite);

        imports
            .MapPost("/", AddAsync)
            .WithName("ImportLeads")
            .WithSummary(
                "Bring in leads from a CSV file or a workbook (.xlsx); with preview=true it is only looked at. Where one row is faulty nothing is stored, and every fault is named"
            )
            .Accepts<string>(
                "text/csv",
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                "application/octet-stream"
            )
            .AddEndpointFilter(
                new OnlyQuery("source", "encoding", "file", "consent", "map", "startTracks", "others", "preview")
            )
            .Produces<ImportView>(StatusCodes.Status202Accepted)
            .Produces<PreviewView>()
            .ProducesProblem(StatusCodes.Status400BadRequest);

        imports
            .MapGet("/", ListAsync)
            .WithName("ListImports")
            .WithSummary("The latest imports and how far they are")
            .Produces<ListOf<ImportView>>();

        imports
            .MapGet("/{id:guid}", FindAsync)
            .WithName("FindImport")
            .WithSummary("An import and how far it is")
            .Produces<ImportView>()
            .ProducesProblem(StatusCodes.Status404NotFound);

        imports
            .MapGet("/{id:guid}/faults", FaultsAsync)
            .WithName("ImportFaults")
            .WithSummary(
                "The rows of an import that could not be applied, by line, a thousand after the line that is given"
            )
            .Produces<ListOf<ImportFault>>();

        imports
            .MapPost("/{id:guid}/cancel", CancelAsync)
            .WithName("CancelImport")
            .WithSummary("Stop an import: rows that wait are let go of, what was applied stays")
            .Produces<ImportView>()
            .ProducesProblem(StatusCodes.Status409Conflict);

        api.MapGet("/exports/leads", ExportAsync)
            .WithTags("Imports")
            .WithName("ExportLeads")
            .WithSummary("All leads as CSV, in the columns that an import reads")
            .Produces<string>(StatusCodes.Status200OK, "text/csv")
            .RequireAuthorization(Scopes.LeadsRead)
            .WithinReach();
    }

    private static async Task<IResult> AddAsync(
        HttpRequest request,
        ClaimsPrincipal user,
        ImportStore store,
        CurrentRulebook rulebook,
        WorkSignal signal,
        [FromKeyedServices(Clocks.Business)] TimeProvider business,
        string? source,
        string? encoding,
        string? file,
        string? consent,
        [FromQuery] string[]? map,
        bool? startTracks,
        string? others,
        bool? preview,
        CancellationToken cancellationToken
    )
    {
        if (encoding is not null && !FileEncoding.Names.Contains(encoding))
        {
            return Problems.BadRequest(
                $"'encoding' '{encoding}' is not known; expected one of {string.Join(", ", FileEncoding.Names)}."
            );
        }

        if (new[] { consent, file }.OfType<string>().Any(text => text.Length > MaxText || text.Any(char.IsControl)))
        {
            return Problems.BadRequest(
                $"'consent' or 'file' is too long or holds control characters; expected at most {MaxText} characters."
            );
        }

        ImportOptions options;
        try
        {
            options = new ImportOptions(ImportRequest.Source(source ?? "import"), business.GetUtcNow())
            {
                Map = ImportRequest.Map(map ?? []),
                ConsentProof = consent,
                StartsTracks = startTracks ?? false,
                PassesOthers = ImportRequest.PassesOthers(others),
            };
        }
        catch (UsageException exception)
        {
            return Problems.BadRequest(exception.Message);
        }

        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = MaxBody;
        }

        // Looked at twice, for its encoding and for its rows: kept on disk meanwhile, which this process alone may read.
        var kept = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        await using var held = new FileStream(
            kept,
            new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                Share = FileShare.Read,
                Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }
        );
        await request.Body.CopyToAsync(held, cancellationToken);
        await held.FlushAsync(cancellationToken);
        var csv = new CsvFile(kept, encoding ?? "auto");
        if (preview == true)
        {
            return TypedResults.Ok(
                PreviewView.Of(await CsvImport.PreviewAsync(csv, options, rulebook.Value, cancellationToken))
            );
        }

        var import = new NewImport(Guid.CreateVersion7(), options.Source, file ?? "api", KeyName.Of(user));
        var faults = await new CsvImport(store).AddAsync(
            import,
            csv,
            options,
            rulebook.Value,
            options.At,
            cancellationToken
        );
        if (faults.Count > 0)
        {
            return Problems.Faults(faults);
        }

        await store.FinishAsync(import.Id, options.At, cancellationToken);
        signal.Raise();
        return TypedResults.Accepted(
            $"/api/imports/{import.Id}",
            ImportView.Of((await store.FindAsync(import.Id, cancellationToken))!)
        );
    }

    private static async Task<IResult> ListAsync(ImportStore store, CancellationToken cancellationToken) =>
        TypedResults.Ok(
            new ListOf<ImportView>([.. (await store.ListAsync(100, cancellationToken)).Select(ImportView.Of)], null)
        );

    private static async Task<IResult> FindAsync(
        Guid id,
        ImportStore store,
        [FromKeyedServices(Clocks.Business)] TimeProvider business,
        CancellationToken cancellationToken
    )
    {
        await store.FinishAsync(id, business.GetUtcNow(), cancellationToken);
        return await store.FindAsync(id, cancellationToken) is { } import
            ? TypedResults.Ok(ImportView.Of(import))
            : Problems.NotFound($"There is no import {id}.");
    }

    private static async Task<IResult> FaultsAsync(
        Guid id,
        long? after,
        ImportStore store,
        CancellationToken cancellationToken
    ) =>
        TypedResults.Ok(
            new ListOf<ImportFault>(await store.FaultsAsync(id, after ?? 0, 1_000, cancellationToken), null)
        );

    private static async Task<IResult> CancelAsync(
        Guid id,
        ImportStore store,
        [FromKeyedServices(Clocks.Business)] TimeProvider business,
        CancellationToken cancellationToken
    ) =>
        await store.CancelAsync(id, business.GetUtcNow(), cancellationToken)
            ? TypedResults.Ok(ImportView.Of((await store.FindAsync(id, cancellationToken))!))
            : Problems.Conflict($"There is no import {id} that is being applied.");

    private static async Task<IResult> ExportAsync(
        LeadExport leads,
        ILeadSight sight,
        ClaimsPrincipal user,
        CurrentRulebook rulebook,
        string? source,
        CancellationToken cancellationToken
    )
    {
        string name;
        try
        {
            name = ImportRequest.Source(source ?? "import");
        }
        catch (UsageException exception)
        {
            return Problems.BadRequest(exception.Message);
        }

        var reach = await sight.OfAsync(user, cancellationToken);
        return TypedResults.Stream(
            async stream =>
            {
                await using var text = new StreamWriter(stream, leaveOpen: true);
                await CsvExport.WriteAsync(leads, name, reach, rulebook.Value, text, cancellationToken);
            },
            "text/csv; charset=utf-8",
            "leads.csv"
        );
    }
}

/// <summary>An import: <c>applying</c>, <c>done</c> or <c>cancelled</c>; the counts are rows.</summary>
internal sealed record ImportView(
    Guid Id,
    string Source,
    string File,
    string State,
    long Rows,
    long Waiting,
    long Created,
    long Changed,
    long Unchanged,
    long Refused,
    string CreatedBy,
    DateTimeOffset CreatedAt,
    DateTimeOffset? FinishedAt
)
{
    public static ImportView Of(ImportRowCounts row) =>
        new(
            row.Id,
            row.Source,
            row.File,
            row.State,
            row.Rows,
            row.Waiting,
            row.Created,
            row.Changed,
            row.Unchanged,
            row.Refused,
            row.CreatedBy,
            row.CreatedAt,
            row.FinishedAt
        );
}

/// <summary>What a file would do: which column says what, its first leads, every fault.</summary>
internal sealed record PreviewView(
    long Rows,
    IReadOnlyDictionary<string, string?> Columns,
    IReadOnlyList<PreviewedLead> First,
    IReadOnlyList<PreviewedFault> Faults,
    string? Encoding,
    string? EncodingWhy
)
{
    public static PreviewView Of(ImportPreview preview) =>
        new(
            preview.Rows,
            preview.Columns,
            [
                .. preview.First.Select(lead => new PreviewedLead(
                    lead.Line,
                    lead.Key.ToString(),
                    lead.Fields,
                    lead.Stage
                )),
            ],
            [.. preview.Faults.Select(fault => new PreviewedFault(fault.Place, fault.Message))],
            preview.Encoding,
            preview.Why
        );
}

internal sealed record PreviewedLead(long Line, string Key, IReadOnlyDictionary<string, string?> Fields, string? Stage);

internal sealed record PreviewedFault(string Place, string Detail);

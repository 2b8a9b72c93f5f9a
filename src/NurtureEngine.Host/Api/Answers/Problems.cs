using NurtureEngine.Core.Diagnostics;

namespace NurtureEngine.Host.Api.Answers;

/// <summary>Errors as RFC 9457 problems, with every fault and its place.</summary>
internal static class Problems
{
    /// <summary>What is wrong, by JSON pointer.</summary>
    public static IResult Faults(IEnumerable<Diagnostic> faults) =>
        TypedResults.Problem(
            statusCode: StatusCodes.Status400BadRequest,
            detail: "The request has faults; 'errors' names each with its place.",
            extensions: new Dictionary<string, object?>
            {
                ["errors"] = faults.Select(fault => new { pointer = fault.Place, detail = fault.Message }).ToArray(),
            }
        );

    public static IResult BadRequest(string detail) =>
        TypedResults.Problem(detail, statusCode: StatusCodes.Status400BadRequest);

    public static IResult Forbidden(string detail) =>
        TypedResults.Problem(detail, statusCode: StatusCodes.Status403Forbidden);

    public static IResult NotFound(string detail) =>
        TypedResults.Problem(detail, statusCode: StatusCodes.Status404NotFound);

    public static IResult Conflict(string detail) =>
        TypedResults.Problem(detail, statusCode: StatusCodes.Status409Conflict);
}

using System.Globalization;
using System.Text.Json;
using NurtureEngine.Core.Tracks.Activities;

namespace NurtureEngine.Studio.Editor;

/// <summary>What the page around the editor says of a chosen step.</summary>
internal static class StepHelp
{
    // Its encoder writes no sign by which a script element would end.
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    /// <summary>The name, help and example of each activity by its type, as JSON.</summary>
    public static string Json(CultureInfo culture) =>
        Json(
            ActivityTypes.All.Values.ToDictionary(
                type => type.TypeName,
                type => new
                {
                    Name = type.DisplayName.In(culture),
                    Help = type.Help.In(culture),
                    Example = type.Example.Case.In(culture),
                    Inputs = type.Example.Inputs.Select(input =>
                        new[]
                        {
                            type.Inputs.First(known => known.Name == input.Name).DisplayName.In(culture),
                            input.Value,
                        }
                    ),
                }
            )
        );

    /// <summary>Data for a script.</summary>
    public static string Json<T>(T data) => JsonSerializer.Serialize(data, Options);
}

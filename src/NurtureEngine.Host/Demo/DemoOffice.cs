using System.Text.Json.Nodes;

namespace NurtureEngine.Host.Demo;

/// <summary>The colleagues of a demo, three times a working day: who approves letters, makes calls, and takes leads over.</summary>
internal sealed class DemoOffice(DemoFaces faces, int seed)
{
    /// <summary>The addresses of the leads whom sales took over in this visit.</summary>
    public async Task<IReadOnlyList<string>> VisitAsync(CancellationToken cancellationToken)
    {
        await foreach (
            var touch in faces.ListAsync("/api/touches?state=awaiting_approval&limit=200", cancellationToken)
        )
        {
            var chance = await ChanceAsync("approve", touch, cancellationToken);
            if (chance < 0.85)
            {
                await faces.PostAsync($"/api/touches/{touch["id"]}/approve", [], cancellationToken);
            }
            else if (chance < 0.93)
            {
                await faces.PostAsync(
                    $"/api/touches/{touch["id"]}/return",
                    new JsonObject { ["reason"] = "Too general for this account." },
                    cancellationToken
                );
            }
        }

        await foreach (var task in faces.ListAsync("/api/tasks?state=open&limit=200", cancellationToken))
        {
            if ((string?)task["kind"] == "call" && await ChanceAsync("call", task, cancellationToken) < 0.8)
            {
                await faces.PostAsync($"/api/tasks/{task["id"]}/done", [], cancellationToken);
            }
        }

        return await AnswerHandoffsAsync(cancellationToken);
    }

    private async Task<List<string>> AnswerHandoffsAsync(CancellationToken cancellationToken)
    {
        var accepted = new List<string>();
        await foreach (var handoff in faces.ListAsync("/api/handoffs?state=offered&limit=200", cancellationToken))
        {
            // One in ten is overlooked until the track asks again.
            var (answer, reason) = await ChanceAsync("handoff", handoff, cancellationToken) switch
            {
                < 0.62 => ("accept", null),
                < 0.76 => ("reject", "No budget this year."),
                < 0.9 => ("recycle", "Wants to hear more first."),
                _ => (null, (string?)null),
            };
            if (answer is not null)
            {
                await faces.PostAsync(
                    $"/api/handoffs/{handoff["id"]}/{answer}",
                    reason is null ? [] : new JsonObject { ["reason"] = reason },
                    cancellationToken
                );
            }

            if (answer == "accept")
            {
                accepted.Add(await faces.AddressOfAsync((string)handoff["leadId"]!, cancellationToken));
            }
        }

        return accepted;
    }

    // By the lead and what is asked: ids are given anew in each demo.
    private async Task<double> ChanceAsync(string question, JsonObject about, CancellationToken cancellationToken) =>
        DemoReader.Chance(
            $"{seed}|{question}|{await faces.AddressOfAsync((string)about["leadId"]!, cancellationToken)}|{about["step"] ?? about["subject"]}"
        );
}

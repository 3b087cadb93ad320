using FsCheck;
using FsCheck.Fluent;
using WireGuardian.Postgres.Relay;

namespace WireGuardian.Postgres.Tests.Relay;

public sealed class RequestQueueTests
{
    [Test]
    public void It_behaves_as_a_list_does_under_any_sequence_of_operations()
    {
        Prop.ForAll<byte[]>(operations =>
        {
            var queue = new RequestQueue();
            var list = new List<long>();
            long next = 0;
            foreach (var operation in operations)
            {
                if (operation < 160 || list.Count == 0)
                {
                    queue.Add(RequestKind.Parse).Batch = ++next;
                    list.Add(next);
                }
                else if (operation < 220)
                {
                    queue.RemoveHead();
                    list.RemoveAt(0);
                }
                else
                {
                    queue.RemoveAt(operation % list.Count);
                    list.RemoveAt(operation % list.Count);
                }
                if (!Enumerable.Range(0, queue.Count).Select(index => queue[index].Batch).SequenceEqual(list))
                    return false;
            }
            return true;
        }).QuickCheckThrowOnFailure();
    }

    [Test]
    public void A_new_request_is_blank()
    {
        var queue = new RequestQueue();
        for (var round = 0; round < 20; round++)
        {
            ref var request = ref queue.Add(RequestKind.Execute);
            Assert.That(request.Refusal, Is.Null);
            request.Refusal = [1];
            queue.RemoveHead();
        }
    }
}

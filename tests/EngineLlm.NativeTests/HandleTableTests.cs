using EngineLlm.Native.C;
using NUnit.Framework;

namespace EngineLlm.NativeTests;

/// <summary>Handles name what they were made for, and nothing else ever.</summary>
internal sealed class HandleTableTests
{
    private readonly HandleTable _handles = new();

    [Test]
    public void AHandleNamesItsObjectUntilItIsRemoved()
    {
        var target = new object();
        ulong handle = _handles.Add(target);
        Assert.That(handle, Is.Not.Zero);
        Assert.That(_handles.Find<object>(handle), Is.SameAs(target));
        _handles.Remove(handle);
        Assert.That(_handles.Find<object>(handle), Is.Null);
        _handles.Remove(handle);
    }

    [Test]
    public void AnOldHandleNeverNamesWhatHasItsSlotNow()
    {
        ulong last = _handles.Add("first");
        for (int turn = 0; turn < 1000; turn++)
        {
            _handles.Remove(last);
            ulong next = _handles.Add($"turn {turn}");
            Assert.That(next, Is.Not.EqualTo(last));
            Assert.That((uint)next, Is.EqualTo((uint)last), "the slot is used again");
            Assert.That(_handles.Find<string>(last), Is.Null);
            last = next;
        }
    }

    [Test]
    public void AHandleOfAnotherKindNamesNothing() => Assert.That(_handles.Find<HandleTable>(_handles.Add("text")), Is.Null);

    [TestCase(0UL)]
    [TestCase(0xFFFFFFFFUL)]
    [TestCase(ulong.MaxValue)]
    [TestCase(1UL << 32)]
    public void NumbersThatWereNeverHandlesNameNothing(ulong handle)
    {
        Assert.That(_handles.Find<object>(handle), Is.Null);
        _handles.Remove(handle);
    }
}

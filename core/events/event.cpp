#include "core/events/event.h"

#include "core/base/json_codec.h"

namespace muster {

namespace {

template <typename Tag> void put(QJsonObject &json, QLatin1StringView key, StrongId<Tag> id)
{
    if (id.isValid())
        json.insert(key, id.value);
}

template <typename Tag> void take(const QJsonObject &json, QLatin1StringView key, StrongId<Tag> &id)
{
    id.value = json.value(key).toInteger();
}

// One list of names for both directions.
template <typename Refs, typename Fn> void eachRef(Refs &refs, Fn fn)
{
    using namespace Qt::StringLiterals;
    fn("project"_L1, refs.project);
    fn("run"_L1, refs.run);
    fn("step"_L1, refs.step);
    fn("task"_L1, refs.task);
    fn("session"_L1, refs.session);
    fn("conversation"_L1, refs.conversation);
    fn("inbox"_L1, refs.inbox);
}

} // namespace

QJsonObject toJson(const EventRefs &refs)
{
    QJsonObject json;
    eachRef(refs, [&](QLatin1StringView key, auto id) { put(json, key, id); });
    return json;
}

EventRefs eventRefsFromJson(const QJsonObject &json)
{
    EventRefs refs;
    eachRef(refs, [&](QLatin1StringView key, auto &id) { take(json, key, id); });
    return refs;
}

QJsonObject toJson(const Event &event)
{
    QJsonObject json{{QStringLiteral("seq"), event.seq},
                     {QStringLiteral("at"), event.atMs},
                     {QStringLiteral("kind"), event.kind},
                     {QStringLiteral("refs"), toJson(event.refs)}};
    if (!event.source.isEmpty())
        json.insert(QStringLiteral("source"), event.source);
    if (!event.data.isEmpty())
        json.insert(QStringLiteral("data"), event.data);
    return json;
}

Event eventFromJson(const QJsonObject &json)
{
    return Event{.seq = json.value(u"seq").toInteger(),
                 .atMs = json.value(u"at").toInteger(),
                 .kind = json.value(u"kind").toString(),
                 .refs = eventRefsFromJson(json.value(u"refs").toObject()),
                 .source = json.value(u"source").toString(),
                 .data = json.value(u"data").toObject()};
}

} // namespace muster

// A value survives its JSON unchanged; what does not fit is an error that names the key.
#include "core/base/json_codec.h"
#include "core/base/random_token.h"

#include <QJsonDocument>
#include <QTest>

using namespace muster;
using namespace Qt::StringLiterals;

namespace {

enum class Colour : std::uint8_t { Red, Green };

struct Point {
    int x = 0;
    qint64 y = 0;
    friend bool operator==(const Point &, const Point &) = default;
};

struct Shape {
    QString name;
    bool filled = false;
    double weight = 1.5;
    Colour colour = Colour::Red;
    RunId run;
    std::optional<qint64> cost;
    std::vector<Point> points;
    QStringList tags;
    QJsonObject extra;
    friend bool operator==(const Shape &, const Shape &) = default;
};

} // namespace

template <> struct muster::EnumNames<Colour> {
    static constexpr std::array table{std::pair{Colour::Red, "red"}, std::pair{Colour::Green, "green"}};
};
template <> struct muster::Fields<Point> {
    static constexpr auto list = std::tuple{field("x", &Point::x), field("y", &Point::y)};
};
template <> struct muster::Fields<Shape> {
    static constexpr auto list = std::tuple{
        field("name", &Shape::name),     field("filled", &Shape::filled), field("weight", &Shape::weight),
        field("colour", &Shape::colour), field("run", &Shape::run),       field("cost", &Shape::cost),
        field("points", &Shape::points), field("tags", &Shape::tags),     field("extra", &Shape::extra)};
};

class TestJsonCodec : public QObject {
    Q_OBJECT
private slots:
    void roundTrips_data();
    void roundTrips();
    void leavesDefaults();
    void refuses_data();
    void refuses();
    void tokensDiffer();
};

Q_DECLARE_METATYPE(Shape)

void TestJsonCodec::roundTrips_data()
{
    QTest::addColumn<Shape>("shape");
    QTest::newRow("defaults") << Shape{};
    QTest::newRow("all set") << Shape{.name = u"añ\n\"b\""_s,
                                      .filled = true,
                                      .weight = -0.25,
                                      .colour = Colour::Green,
                                      .run = {7},
                                      .cost = 9'007'199'254'740'993, // beyond what a double holds
                                      .points = {{.x = 1, .y = -5'000'000'000}, {}},
                                      .tags = {u"a"_s, u""_s},
                                      .extra = {{u"k"_s, QJsonArray{1, u"x"_s}}}};
}

void TestJsonCodec::roundTrips()
{
    QFETCH(Shape, shape);
    const QByteArray text = QJsonDocument(toJsonObject(shape)).toJson();
    const auto back = fromJsonObject<Shape>(QJsonDocument::fromJson(text).object());
    QVERIFY(back);
    QCOMPARE(toJsonObject(*back), toJsonObject(shape));
    QVERIFY(*back == shape);
}

void TestJsonCodec::leavesDefaults()
{
    const auto shape = fromJsonObject<Shape>(
        {{u"name"_s, u"n"_s}, {u"weight"_s, QJsonValue::Null}, {u"newer"_s, QJsonObject()}});
    QVERIFY(shape);
    QCOMPARE(shape->name, u"n"_s);
    QCOMPARE(shape->weight, 1.5);
    QVERIFY(!shape->cost);
}

void TestJsonCodec::refuses_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QString>("where");
    QTest::newRow("number for a text") << R"({"name": 5})"_ba << u"name"_s;
    QTest::newRow("text for a boolean") << R"({"filled": "yes"})"_ba << u"filled"_s;
    QTest::newRow("text for a number") << R"({"weight": "1"})"_ba << u"weight"_s;
    QTest::newRow("unknown enum") << R"({"colour": "blue"})"_ba << u"colour"_s;
    QTest::newRow("object for a list") << R"({"points": {}})"_ba << u"points"_s;
    QTest::newRow("within a list") << R"({"points": [{"x": 1}, {"x": "1"}]})"_ba << u"points.1.x"_s;
    QTest::newRow("list for an object") << R"({"extra": []})"_ba << u"extra"_s;
    QTest::newRow("text for an id") << R"({"run": "7"})"_ba << u"run"_s;
}

void TestJsonCodec::refuses()
{
    QFETCH(QByteArray, json);
    QFETCH(QString, where);
    const auto shape = fromJsonObject<Shape>(QJsonDocument::fromJson(json).object());
    QVERIFY(!shape);
    QCOMPARE(shape.error().code, ErrorCode::Protocol);
    QCOMPARE(shape.error().where, where);
}

void TestJsonCodec::tokensDiffer()
{
    QSet<QString> seen;
    for (int i = 0; i < 1000; ++i)
        seen += randomToken();
    QCOMPARE(seen.size(), 1000);
    QCOMPARE(randomToken(24).size(), 32);
    QCOMPARE(randomToken(1).size(), 2);
}

QTEST_GUILESS_MAIN(TestJsonCodec)
#include "tst_json_codec.moc"

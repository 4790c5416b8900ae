#include "core/node/work/answer_text.h"

#include <QTest>

using namespace muster;
using namespace Qt::StringLiterals;

class TestAnswerText : public QObject {
    Q_OBJECT
private slots:
    void whatCameAfterTheLastTool();
    void allOfItIfNothingCameAfter();
    void isBounded();
};

void TestAnswerText::whatCameAfterTheLastTool()
{
    AnswerText answer;
    answer.add(u"I look. "_s);
    answer.toolCalled();
    answer.add(u"It is "_s);
    answer.add(u"so.\n"_s);
    QCOMPARE(answer.text(), u"It is so."_s);
}

void TestAnswerText::allOfItIfNothingCameAfter()
{
    AnswerText answer(u"It is so."_s);
    answer.toolCalled();
    answer.add(u"\n"_s);
    QCOMPARE(answer.text(), u"It is so."_s);
}

void TestAnswerText::isBounded()
{
    AnswerText answer;
    const QString piece(100'000, u'x');
    for (int i = 0; i < 100; ++i)
        answer.add(piece);
    QCOMPARE(answer.text().size(), AnswerText::keptUnits);
}

QTEST_GUILESS_MAIN(TestAnswerText)
#include "tst_answer_text.moc"

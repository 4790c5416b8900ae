// The survey where there is very much to read.
#include "tests/app/survey_ground.h"

using namespace muster;
using namespace muster::e2e;
using namespace muster::test;
using namespace Qt::StringLiterals;

class TestSurveyLarge : public QObject {
    Q_OBJECT
private slots:
    void surveys_data();
    void surveys();
};

void TestSurveyLarge::surveys_data()
{
    QTest::addColumn<QString>("script");
    QTest::addColumn<QString>("says");
    QTest::newRow("200 MB, binary") << u"head -c 200000000 /dev/urandom > big.bin; git add -A; "
                                       "git -c core.compression=0 commit -qm big"_s
                                    << u"1 binary file"_s;
    QTest::newRow("200 MB of C") << u"yes 'int a = 1;' | head -c 200000000 > big.c; git add -A; "
                                    "git -c core.compression=1 commit -qm big"_s
                                 << u"1 file above"_s;
    QTest::newRow("50 000 files")
        << u"for i in $(seq 500); do mkdir m$i; for j in $(seq 100); do "
           "echo \"int f${i}_$j;\" > m$i/f$j.c; done; done; git add -A; git commit -qm many"_s
        << u"50,003 files"_s;
}

void TestSurveyLarge::surveys()
{
    QFETCH(QString, script);
    QFETCH(QString, says);
    SurveyGround ground;
    QVERIFY(ground.makeShop());
    QVERIFY(ground.prepare(script));
    const Finished end = ground.survey();
    QVERIFY2(end.exitCode == 0, end.tail().constData());
    QVERIFY2(QString::fromUtf8(ground.written()).contains(says), ground.written().constData());
}

QTEST_GUILESS_MAIN(TestSurveyLarge)
#include "tst_survey_large.moc"

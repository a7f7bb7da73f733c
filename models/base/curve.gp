# 'Held-out loss while learning'
# Draw it again: gnuplot FILE.gp
set terminal svg noenhanced dynamic size 640,340 font 'Helvetica,13' background rgb '#ffffff'
set output 'curve.svg'
set encoding utf8
set border 1 lc rgb '#8a9099' lw 1
set grid ytics lc rgb '#e3e6ea' lw 0.8 dt 1
set tics nomirror textcolor rgb '#57606a' scale 0.4
set ytics textcolor rgb '#57606a' scale 0
set tmargin 3.5
set rmargin 3
set lmargin 8
set style fill solid
set label 1 'Held-out loss while learning' at graph 0, graph 1 offset -5, 2.2 left font ',15' textcolor rgb '#1b1f24'
set label 2 'nats per token' at graph 0, graph 1 offset -5, 0.9 left textcolor rgb '#57606a'
set xlabel 'millions of tokens' textcolor rgb '#57606a' offset 0, 0.2
set ytics 1
set key bmargin center horizontal Left reverse samplen 2 width 1 textcolor rgb '#57606a'
plot 'curve.dat' index 0 using 1:2 with linespoints lc rgb '#d1671a' lw 2 dt 1 pt 7 ps 0.5 title 'base-first', \
     'curve.dat' index 1 using 1:2 with linespoints lc rgb '#a0498f' lw 2 dt 1 pt 7 ps 0.5 title 'base'

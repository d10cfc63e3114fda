/* The GELU that follows a product, where a table is looked up in registers (AVX-512).
 *
 * At K = 384 a vector of C costs 192 cycles. v_gelu's 18 multiplications and 2 divisions would add
 * 15, this adds 6: with a = |x|, gelu(x) = max(x, 0) - a T(a), where T(a) = erfc(a / sqrt 2) / 2 is
 * a polynomial of degree 4 on each of 32 intervals of width 0.2, the n-th around 0.2 n. The result
 * errs by a rounding and 2e-8; v_gelu, besides, keeps all digits of results near zero. */
#if defined(__x86_64__) && TK_VECTOR_BYTES == 64

/* [power][interval]: T(0.2 (n + r)) = sum of [d][n] r^d, |r| <= 1/2. Least squares of the relative
 * error at 64 Chebyshev points of each interval (numpy.polynomial.polynomial.polyfit with weights
 * 1 / T; gelu_table.py). The last one, from a = 6.1 on, is zero: a T(a) < 4e-9 there. */
_Alignas(64) static const float gemm_gelu_table[5][32] = {
    {0.5f, 0.420740277f, 0.344578266f, 0.27425313f,
     0.211855397f, 0.158655256f, 0.115069672f, 0.0807566568f,
     0.0547992922f, 0.0359303206f, 0.0227501318f, 0.0139034474f,
     0.00819753576f, 0.004661188f, 0.00255513005f, 0.00134989782f,
     0.00068713777f, 0.000336929108f, 0.000159108487f, 7.23479752e-05f,
     3.16711994e-05f, 1.33457233e-05f, 5.41252984e-06f, 2.11244742e-06f,
     7.93324489e-07f, 2.86649851e-07f, 9.96435006e-08f, 3.33201271e-08f,
     1.07174607e-08f, 3.31569616e-09f, 9.86569382e-10f, 0.0f},
    {-0.0797883943f, -0.0782084838f, -0.0736539885f, -0.066644907f,
     -0.0579383187f, -0.0483941697f, -0.0388372466f, -0.0299455319f,
     -0.0221842006f, -0.0157900564f, -0.0107982075f, -0.00709492341f,
     -0.00447890442f, -0.00271658832f, -0.0015830833f, -0.000886362977f,
     -0.000476812071f, -0.000246439682f, -0.000122377547f, -5.83875735e-05f,
     -2.67649648e-05f, -1.17880081e-05f, -4.98817417e-06f, -2.02801016e-06f,
     -7.92183755e-07f, -2.97309583e-07f, -1.07205992e-07f, -3.7141227e-08f,
     -1.23629009e-08f, -3.9537702e-09f, -1.21486865e-09f, 0.0f},
    {1.20110362e-15f, 0.00156418385f, 0.00294616842f, 0.00399869448f,
     0.00463505555f, 0.0048393975f, 0.00466044387f, 0.00419234671f,
     0.00354944728f, 0.00284219161f, 0.00215963111f, 0.00156088057f,
     0.00107494066f, 0.000706320512f, 0.000443272496f, 0.000265917886f,
     0.000152587585f, 8.37954867e-05f, 4.4060198e-05f, 2.21901228e-05f,
     1.0707754e-05f, 4.95199674e-06f, 2.19536582e-06f, 9.33181411e-07f,
     3.80394738e-07f, 1.48723487e-07f, 5.57777149e-08f, 2.00692334e-08f,
     6.92846047e-09f, 2.29520136e-09f, 7.29660388e-10f, 0.0f},
    {0.000530926918f, 0.000499636284f, 0.000411829766f, 0.000284082751f,
     0.000139155221f, 4.01702351e-07f, -0.000113347647f, -0.000191040046f,
     -0.000230181016f, -0.000235408676f, -0.000215739943f, -0.000181552838f,
     -0.000142160308f, -0.000104408326f, -7.2302646e-05f, -4.73826185e-05f,
     -2.94630954e-05f, -1.74178494e-05f, -9.80467212e-06f, -5.26162239e-06f,
     -2.69449538e-06f, -1.31780894e-06f, -6.15930787e-07f, -2.7526869e-07f,
     -1.17687897e-07f, -4.81539608e-08f, -1.88629112e-08f, -7.07609438e-09f,
     -2.54274002e-09f, -8.75457873e-10f, -2.88857438e-10f, 0.0f},
    {-5.20172377e-15f, -1.54618992e-05f, -2.78785319e-05f, -3.51378258e-05f,
     -3.63815743e-05f, -3.21652478e-05f, -2.41358648e-05f, -1.444797e-05f,
     -5.14306203e-06f, 2.30966498e-06f, 7.20902062e-06f, 9.56318945e-06f,
     9.86593841e-06f, 8.82289896e-06f, 7.12147448e-06f, 5.29182807e-06f,
     3.66119593e-06f, 2.37527865e-06f, 1.45202023e-06f, 8.39243341e-07f,
     4.59796411e-07f, 2.39249886e-07f, 1.18416089e-07f, 5.58181306e-08f,
     2.50830556e-08f, 1.07544107e-08f, 4.40247039e-09f, 1.72173731e-09f,
     6.43603171e-10f, 2.3005986e-10f, 7.86685161e-11f, 0.0f},};

static inline vf gemm_gelu_coefficient(size_t power, vi interval) {
  const float *table = gemm_gelu_table[power];
  return _mm512_permutex2var_ps(v_load(table), (__m512i)interval, v_load(table + TK_LANES));
}

static inline vf gemm_gelu(vf x) {
  /* NaN passes: its interval is some number, its r is NaN. */
  vf a = v_min(v_splat(6.2f), v_abs(x));
  /* Adding 1.5 * 2^23 rounds to the nearest whole number and leaves it in the low bits. */
  const vf magic = v_splat(12582912.0f);
  vf shifted = v_fma(a, v_splat(5.0f), magic);
  vf r = v_fma(a, v_splat(5.0f), magic - shifted);
  vi interval = (vi)shifted;
  vf t = gemm_gelu_coefficient(4, interval);
  t = v_fma(t, r, gemm_gelu_coefficient(3, interval));
  t = v_fma(t, r, gemm_gelu_coefficient(2, interval));
  t = v_fma(t, r, gemm_gelu_coefficient(1, interval));
  t = v_fma(t, r, gemm_gelu_coefficient(0, interval));
  return v_max(v_zero(), x) - a * t;
}

#else

static inline vf gemm_gelu(vf x) { return v_gelu(x); }

#endif
